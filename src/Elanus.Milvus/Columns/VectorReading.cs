using System.Runtime.InteropServices;
using Elanus.Milvus.Protocol.Schema;
using Kind = Elanus.Milvus.Protocol.Schema.VectorField.DataOneofCase;

namespace Elanus.Milvus;

/// <summary>Vector field data as a column.</summary>
internal static class VectorReading
{
    public static Result<ColumnBlock> Read(string name, Primitives.DataType type, VectorField vectors, IReadOnlyList<bool> valid)
    {
        if (valid.Contains(false))
        {
            return Failure.Invalid($"vector type not support null, field {name}, row {valid.ToList().IndexOf(false)}");
        }

        var (kind, values) = vectors.DataCase switch
        {
            Kind.FloatVector => (Primitives.DataType.FloatVector, Floats(vectors.FloatVector)),
            Kind.BinaryVector => (Primitives.DataType.BinaryVector, vectors.BinaryVector.Memory),
            Kind.Float16Vector => (Primitives.DataType.Float16Vector, vectors.Float16Vector.Memory),
            Kind.Bfloat16Vector => (Primitives.DataType.BFloat16Vector, vectors.Bfloat16Vector.Memory),
            Kind.Int8Vector => (Primitives.DataType.Int8Vector, vectors.Int8Vector.Memory),
            Kind.SparseFloatVector => (Primitives.DataType.SparseFloatVector, default),
            _ => (Primitives.DataType.None, default(ReadOnlyMemory<byte>)),
        };
        if (kind == Primitives.DataType.None)
        {
            return vectors.DataCase == Kind.VectorArray ? Failure.Unimplemented($"lists of vectors in field {name}") : Failure.Invalid($"vector field {name} carries no data");
        }

        if (kind != type)
        {
            return Failure.Invalid($"field {name} is announced as {type}, but its data is {kind}");
        }

        return kind == Primitives.DataType.SparseFloatVector ? Sparse(name, vectors.SparseFloatVector) : Dense(name, type, vectors.Dim, values);
    }

    private static Result<ColumnBlock> Dense(string name, Primitives.DataType type, long dimension, ReadOnlyMemory<byte> values)
    {
        // Bounded before it is multiplied; whether it is the schema's is checked where rows are taken in.
        if (dimension is <= 0 or > 1 << 20 || (type == Primitives.DataType.BinaryVector && dimension % 8 != 0))
        {
            return Failure.Invalid($"dim ({dimension}) of field data({name}) is no dimension of a {type}");
        }

        var width = type.Width((int)dimension);
        return values.Length % width == 0
            ? new HeapColumn(type, Primitives.DataType.None, (int)dimension, values.Length / width, values, default, default)
            : Failure.Invalid($"the length({values.Length} bytes) of the data of field {name} should divide the dim({dimension}): a {type} takes {width} bytes");
    }

    private static Result<ColumnBlock> Sparse(string name, SparseFloatArray sparse)
    {
        var builder = new ColumnBuilder(Primitives.DataType.SparseFloatVector, capacityRows: sparse.Contents.Count);
        foreach (var pairs in sparse.Contents)
        {
            if (pairs.Length % SparseRow.PairBytes != 0)
            {
                return Failure.Invalid($"sparse vector of field {name} in row {builder.Rows}: {pairs.Length} bytes are no list of pairs of {SparseRow.PairBytes} bytes");
            }

            builder.Append(SparseRow.Sorted(pairs.Memory).Span);
        }

        return builder.Build();
    }

    private static ReadOnlyMemory<byte> Floats(FloatArray array)
    {
        var floats = new float[array.Data.Count];
        array.Data.CopyTo(floats, 0);
        return MemoryMarshal.AsBytes(floats.AsSpan()).ToArray();
    }
}
