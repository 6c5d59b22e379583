namespace Elanus.Milvus.Wire;

/// <summary>The values of a vector field, row after row, in the one shape that <see cref="Kind"/> names.</summary>
public sealed class RawVectors
{
    /// <summary>The vector type that the data is encoded as; ArrayOfVector for lists of vectors, None where there is no data.</summary>
    public required DataType Kind { get; init; }

    /// <summary>Elements a vector (bits for a binary one), as the client says.</summary>
    public long Dimension { get; init; }

    /// <summary>
    /// Dense vectors one after another, little endian, at any alignment: 4 bytes an element (FloatVector), 2 (Float16Vector, BFloat16Vector),
    /// 1 (Int8Vector), or one bit (BinaryVector).
    /// </summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Sparse vectors: pairs of uint32 index and float32 value in the bytes of each row.</summary>
    public ReadOnlyMemory<ReadOnlyMemory<byte>> Sparse { get; init; }

    /// <summary>Lists of vectors: the list of each row.</summary>
    public ReadOnlyMemory<RawVectors> Lists { get; init; }

    /// <summary>Lists of vectors: the type of the vectors, where the client says it.</summary>
    public DataType ElementType { get; init; }
}
