using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>What the proxy's parts share.</summary>
/// <param name="Metadata">The coordinators' metadata as this node knows it.</param>
/// <param name="Node">The owner of the data.</param>
/// <param name="Ids">Ids for rows without keys.</param>
/// <param name="Clock">This node's clock.</param>
/// <param name="Limits">Bounds on requests.</param>
/// <param name="GracefulTime">The window of Bounded consistency.</param>
/// <param name="Random">Seeds of random samples.</param>
public sealed record ProxyContext(
    MetadataMachine Metadata,
    IDataNode Node,
    IdAllocator Ids,
    HybridClock Clock,
    Limits Limits,
    TimeSpan GracefulTime,
    IRandomSource Random)
{
    /// <summary>What all reads together may hold.</summary>
    public ReadMemory Memory { get; } = new(Limits);

    /// <summary>A collection by name or alias.</summary>
    public Result<CollectionInfo> Collection(string databaseName, string name)
    {
        var root = Metadata.Current.Root;
        if (!root.Databases.TryGetValue(databaseName, out var database))
        {
            return Failure.DatabaseNotFound(databaseName);
        }

        if (string.IsNullOrEmpty(name))
        {
            return Failure.Invalid("collection name should not be empty");
        }

        return root.Find(database.Id, name) is { } collection ? collection : Failure.CollectionNotFound(databaseName, name);
    }

    /// <summary>A view that is fresh enough, of rows that have not expired by now.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="partitions">Empty for all.</param>
    /// <param name="freshness">What the view must show.</param>
    /// <param name="cancel">Ends the wait.</param>
    public Task<Result<CollectionView>> OpenView(
        CollectionInfo collection, IReadOnlyList<PartitionId> partitions, Freshness freshness, CancellationToken cancel) =>
        Node.OpenView(collection.Id, partitions, freshness, Expiry.NotBefore(collection, Clock.Now()), cancel);

    /// <summary>The freshness that a level asks for now.</summary>
    public Freshness Freshness(CollectionInfo collection, ConsistencyLevel? asked, Timestamp guarantee)
    {
        var level = asked ?? collection.Consistency;
        return level switch
        {
            ConsistencyLevel.Strong => Roles.Freshness.Strong,
            ConsistencyLevel.Bounded => new(level, Timestamp.FromPhysical(Clock.Now().PhysicalMs - (ulong)GracefulTime.TotalMilliseconds)),
            _ => new(level, guarantee),
        };
    }
}
