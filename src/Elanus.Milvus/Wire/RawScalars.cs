namespace Elanus.Milvus.Wire;

/// <summary>
/// The values of a scalar field, row after row, in the one shape that <see cref="Kind"/> names; the others are empty. A null row may
/// have an empty value or none, as its client does it.
/// </summary>
public sealed class RawScalars
{
    public required RawScalarKind Kind { get; init; }

    /// <summary>How many values there are.</summary>
    public required int Count { get; init; }

    /// <summary>Bool: one byte a value, 0 or 1.</summary>
    public ReadOnlyMemory<byte> Bools { get; init; }

    /// <summary>Int: also the values of Int8 and Int16 fields.</summary>
    public ReadOnlyMemory<int> Ints { get; init; }

    /// <summary>Long and Timestamptz.</summary>
    public ReadOnlyMemory<long> Longs { get; init; }

    /// <summary>Float (4 bytes a value) and Double (8), little endian, at any alignment.</summary>
    public ReadOnlyMemory<byte> Floats { get; init; }

    /// <summary>Text (valid UTF-8), Bytes, Json, Geometry, GeometryText: the bytes of each value.</summary>
    public ReadOnlyMemory<ReadOnlyMemory<byte>> Blobs { get; init; }

    /// <summary>Array: the elements of each value.</summary>
    public ReadOnlyMemory<RawScalars> Arrays { get; init; }

    /// <summary>Array: the type of the elements, where the client says it.</summary>
    public DataType ElementType { get; init; }
}
