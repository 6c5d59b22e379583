using Elanus.Milvus.Wire;

namespace Elanus.Milvus;

/// <summary>Vector field data as a column; dense vectors stay where they arrived.</summary>
internal static class VectorReading
{
    public static Result<ColumnBlock> Read(string name, DataType type, RawVectors vectors, ReadOnlyMemory<byte> valid)
    {
        if (valid.Span.IndexOf((byte)0) is >= 0 and var missing)
        {
            return Failure.Invalid($"vector type not support null, field {name}, row {missing}");
        }

        return vectors.Kind switch
        {
            DataType.None => Failure.Invalid($"vector field {name} carries no data"),
            DataType.ArrayOfVector => Failure.Unimplemented($"lists of vectors in field {name}"),
            var kind when kind != type => Failure.Invalid($"field {name} is announced as {type}, but its data is {kind}"),
            DataType.SparseFloatVector => Sparse(name, vectors.Sparse.Span),
            _ => Dense(name, type, vectors.Dimension, vectors.Data),
        };
    }

    private static Result<ColumnBlock> Dense(string name, DataType type, long dimension, ReadOnlyMemory<byte> values)
    {
        // Bounded before it is multiplied; whether it is the schema's is checked where rows are taken in.
        if (dimension is <= 0 or > 1 << 20 || (type == DataType.BinaryVector && dimension % 8 != 0))
        {
            return Failure.Invalid($"dim ({dimension}) of field data({name}) is no dimension of a {type}");
        }

        var width = type.Width((int)dimension);
        return values.Length % width == 0
            ? new HeapColumn(type, DataType.None, (int)dimension, values.Length / width, values, default, default)
            : Failure.Invalid($"the length({values.Length} bytes) of the data of field {name} should divide the dim({dimension}): a {type} takes {width} bytes");
    }

    private static Result<ColumnBlock> Sparse(string name, ReadOnlySpan<ReadOnlyMemory<byte>> rows)
    {
        var builder = new ColumnBuilder(DataType.SparseFloatVector, capacityRows: rows.Length);
        foreach (var pairs in rows)
        {
            if (pairs.Length % SparseRow.PairBytes != 0)
            {
                return Failure.Invalid($"sparse vector of field {name} in row {builder.Rows}: {pairs.Length} bytes are no list of pairs of {SparseRow.PairBytes} bytes");
            }

            builder.Append(SparseRow.Sorted(pairs).Span);
        }

        return builder.Build();
    }
}
