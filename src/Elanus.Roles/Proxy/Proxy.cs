namespace Elanus.Roles;

/// <summary>
/// The client's face, whatever the protocol: the coordinators' calls, and the reads and writes that the proxy itself routes. In a standalone all
/// of them are calls within the process. Names of databases are explicit here: a protocol that has a default one puts it in.
/// </summary>
public sealed record Proxy
{
    public required ProxyContext Context { get; init; }

    public required IDatabaseCoord Databases { get; init; }

    public required ICollectionCoord Collections { get; init; }

    public required IPartitionCoord Partitions { get; init; }

    public required IAliasCoord Aliases { get; init; }

    public required IUserCoord Users { get; init; }

    public required IIndexCoord Indexes { get; init; }

    public required IQueryCoord Loading { get; init; }

    public required IDataCoord Data { get; init; }

    public required RowWrites Writes { get; init; }

    public required RowQueries Queries { get; init; }

    public required VectorSearches Searches { get; init; }

    public required HybridSearches HybridSearches { get; init; }

    public required CollectionInspection Inspection { get; init; }

    /// <summary>All metadata as this node knows it.</summary>
    public MetadataSnapshot Metadata => Context.Metadata.Current;
}
