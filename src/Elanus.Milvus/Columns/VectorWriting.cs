using System.Buffers.Binary;
using Elanus.Milvus.Protocol.Schema;
using Google.Protobuf;

namespace Elanus.Milvus;

/// <summary>Vector columns in the protocol's vector field: dense ones as one run of elements, sparse ones row by row.</summary>
internal static class VectorWriting
{
    public static VectorField Write(ColumnBlock values)
    {
        if (values.Type == Primitives.DataType.SparseFloatVector)
        {
            return Sparse(values);
        }

        var field = new VectorField { Dim = values.Dimension };
        switch (values.Type)
        {
            case Primitives.DataType.FloatVector:
                field.FloatVector = new() { Data = { values.As<float>().ToArray() } };
                break;
            case Primitives.DataType.BinaryVector:
                field.BinaryVector = ByteString.CopyFrom(values.Values);
                break;
            case Primitives.DataType.Float16Vector:
                field.Float16Vector = ByteString.CopyFrom(values.Values);
                break;
            case Primitives.DataType.BFloat16Vector:
                field.Bfloat16Vector = ByteString.CopyFrom(values.Values);
                break;
            case Primitives.DataType.Int8Vector:
                field.Int8Vector = ByteString.CopyFrom(values.Values);
                break;
            default:
                throw new InvariantBrokenException($"a column of type {values.Type} is no vector column");
        }

        return field;
    }

    /// <summary>A sparse column has no dimension of its own: the largest index of its rows plus one stands for it.</summary>
    private static VectorField Sparse(ColumnBlock values)
    {
        var sparse = new SparseFloatArray { Contents = { Capacity = values.Rows } };
        for (var row = 0; row < values.Rows; row++)
        {
            var pairs = values.Bytes(row);
            sparse.Contents.Add(ByteString.CopyFrom(pairs));
            if (pairs.Length >= SparseRow.PairBytes)
            {
                // Pairs ascend by index, so the last one has the largest.
                sparse.Dim = Math.Max(sparse.Dim, BinaryPrimitives.ReadUInt32LittleEndian(pairs[^SparseRow.PairBytes..]) + 1L);
            }
        }

        return new() { Dim = sparse.Dim, SparseFloatVector = sparse };
    }
}
