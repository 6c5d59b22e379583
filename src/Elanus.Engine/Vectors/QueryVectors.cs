using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Engine;

/// <summary>The query vectors of a search in the form that scans and indexes take: dense ones one after another, sparse ones each on its own.</summary>
internal sealed class QueryVectors
{
    private readonly ReadOnlyMemory<byte> dense;
    private readonly ReadOnlyMemory<byte>[] sparse;
    private readonly int width;

    private QueryVectors(ReadOnlyMemory<byte> dense, ReadOnlyMemory<byte>[] sparse, int width, int count)
    {
        this.dense = dense;
        this.sparse = sparse;
        this.width = width;
        Count = count;
    }

    public int Count { get; }

    public ReadOnlySpan<byte> Dense => dense.Span;

    public IReadOnlyList<ReadOnlyMemory<byte>> Sparse => sparse;

    /// <summary>The rows of a column of the field's type; fails where one is null, or no vector.</summary>
    public static Result<QueryVectors> Of(ColumnBlock vectors, FieldSchema field)
    {
        if (!ColumnLayout.Of(field).Fits(vectors))
        {
            return Failure.Invalid(
                $"query vectors of type {vectors.Type} and dimension {vectors.Dimension} do not fit field {field.Name} of type {field.Type} and dimension {field.Dimension}");
        }

        for (var row = 0; row < vectors.Rows; row++)
        {
            if (!vectors.IsValid(row))
            {
                return Failure.Invalid($"query vector {row} for field {field.Name} is null");
            }

            if (vectors.Type == DataType.SparseFloatVector && SparseVector.Fault(vectors.Bytes(row)) is { } fault)
            {
                return Failure.Invalid($"query vector {row} for field {field.Name}: {fault}");
            }
        }

        return vectors.Type == DataType.SparseFloatVector
            ? new QueryVectors(default, [.. Enumerable.Range(0, vectors.Rows).Select(row => (ReadOnlyMemory<byte>)vectors.Bytes(row).ToArray())], 0, vectors.Rows)
            : new QueryVectors(vectors is HeapColumn heap ? heap.ValueMemory : vectors.Values.ToArray(), [], vectors.Type.Width(vectors.Dimension), vectors.Rows);
    }

    /// <summary>One of the queries alone.</summary>
    public QueryVectors Only(int query) => Part(query, 1);

    /// <summary>Some of the queries, in their order.</summary>
    public QueryVectors Part(int first, int count) => width > 0
        ? new(dense.Slice(first * width, count * width), [], width, count)
        : new(default, sparse[first..(first + count)], 0, count);
}
