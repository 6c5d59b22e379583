namespace Elanus.Roles;

/// <summary>Upper bounds on what clients may define and ask for; Milvus's defaults.</summary>
public sealed record Limits
{
    public int NameLengthMax { get; init; } = 255;

    public int FieldsMax { get; init; } = 64;

    public int VectorFieldsMax { get; init; } = 10;

    public int ShardsMax { get; init; } = 16;

    public int DimensionMax { get; init; } = 32_768;

    public int PartitionsMax { get; init; } = 1_024;

    public int DatabasesMax { get; init; } = 64;

    public int CollectionsMax { get; init; } = 65_536;

    /// <summary>Results of a search, for one vector.</summary>
    public int TopKMax { get; init; } = 16_384;

    /// <summary>Limit plus offset of a query or a search.</summary>
    public int ResultWindowMax { get; init; } = 16_384;

    public int QueriesMax { get; init; } = 16_384;

    public int VarCharLengthMax { get; init; } = 65_535;

    public int ArrayCapacityMax { get; init; } = 4_096;

    /// <summary>Bytes of one JSON value.</summary>
    public int JsonLengthMax { get; init; } = 65_536;

    /// <summary>Bytes of the rows and scores of one answer.</summary>
    public int OutputBytesMax { get; init; } = 104_857_600;

    /// <summary>Bytes that all searches and queries in progress may hold for hits and answers.</summary>
    public int ReadBytesMax { get; init; } = 1 << 30;
}
