namespace Elanus.Milvus.Wire;

/// <summary>
/// One column of an insert or upsert, with its values where they arrived. At most one of <see cref="Scalars"/>, <see cref="Vectors"/> and
/// <see cref="Structs"/> is there.
/// </summary>
public sealed class RawFieldData
{
    /// <summary>As the client says; it may disagree with the values and with the schema.</summary>
    public required DataType Type { get; init; }

    public required string Name { get; init; }

    public required FieldId FieldId { get; init; }

    public required bool IsDynamic { get; init; }

    /// <summary>One byte a row, 1 where it has a value; empty where the client does not say, which means that every row has one.</summary>
    public required ReadOnlyMemory<byte> ValidData { get; init; }

    public RawScalars? Scalars { get; init; }

    public RawVectors? Vectors { get; init; }

    /// <summary>The members of an array of structs, each a column of its own.</summary>
    public IReadOnlyList<RawFieldData>? Structs { get; init; }
}
