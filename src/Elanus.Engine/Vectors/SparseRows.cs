using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Engine;

/// <summary>Sparse vectors, in columns that lie in native memory or in pinned arrays: their addresses stay while the columns are held, as they are here.</summary>
internal sealed class SparseRows((ColumnBlock Column, int Start)[] columns) : VectorRows
{
    public override Hit[][] Search(QueryVectors queries, SearchRequest request, CancellationToken cancel)
    {
        var found = SparseSearch.Search(Blocks(columns), queries.Sparse, request, cancel);
        GC.KeepAlive(columns);
        return found;
    }

    public override IEnumerable<VectorRows> Cut(int rows)
    {
        for (var from = 0; from < columns.Length;)
        {
            var to = from;
            for (var taken = 0; to < columns.Length && taken < rows; to++)
            {
                taken += columns[to].Column.Rows;
            }

            yield return new SparseRows(columns[from..to]);
            from = to;
        }
    }

    /// <summary>Columns by address; whoever reads them keeps the columns alive.</summary>
    public static unsafe SparseBlock[] Blocks((ColumnBlock Column, int Start)[] columns) => Array.ConvertAll(columns, c => new SparseBlock(
        (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(c.Column.Values)),
        (uint*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(c.Column.Offsets)),
        c.Column.Rows,
        c.Start));
}
