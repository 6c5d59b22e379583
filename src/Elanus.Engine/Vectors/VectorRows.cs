using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Engine;

/// <summary>The vectors of one field in some rows of a segment, scanned exactly where they lie. Any thread, while the segment is held.</summary>
internal abstract class VectorRows
{
    /// <summary>All of a segment's; the field is one of its columns.</summary>
    public static VectorRows Of(SegmentView segment, FieldSchema field, VectorSpace space)
    {
        var columns = new (ColumnBlock Column, int Start)[segment.ChunkCount];
        for (var c = 0; c < columns.Length; c++)
        {
            columns[c] = (segment.Chunk(c).Column(field), segment.Chunk(c).Start);
        }

        return space.Type == DataType.SparseFloatVector
            ? new SparseRows(columns)
            : new DenseRows(space, Array.ConvertAll(columns, c => ((NativeColumn)c.Column).Block(c.Start)));
    }

    public abstract Hit[][] Search(QueryVectors queries, SearchRequest request, CancellationToken cancel);

    /// <summary>The same rows in parts of about a number of rows.</summary>
    public abstract IEnumerable<VectorRows> Cut(int rows);
}
