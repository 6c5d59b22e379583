namespace Elanus.Server;

/// <summary>What a client may ask for at most. Lengths and sizes are bytes.</summary>
public sealed record RequestLimits
{
    public required int NameLengthMax { get; init; }

    public required int FieldsMax { get; init; }

    public required int VectorFieldsMax { get; init; }

    public required int ShardsMax { get; init; }

    public required int DimensionMax { get; init; }

    public required int TextLengthMax { get; init; }

    public required int PartitionsMax { get; init; }

    public required int DatabasesMax { get; init; }

    public required int ReceivedBytesMax { get; init; }

    public required int SentBytesMax { get; init; }

    public required int TopKMax { get; init; }

    public required int QueriesMax { get; init; }

    /// <summary>Limit plus offset.</summary>
    public required int ResultWindowMax { get; init; }

    /// <summary>Rows and scores of one answer.</summary>
    public required int OutputBytesMax { get; init; }

    /// <summary>What all searches and queries in progress may hold.</summary>
    public required int ReadBytesMax { get; init; }
}
