using System.Collections.Immutable;

namespace Elanus.Roles;

/// <summary>The data coordinator: the life of segments.</summary>
public interface IDataCoord
{
    /// <summary>Seals what grows in a collection.</summary>
    Task<Result<FlushAnswer>> Flush(string databaseName, string collectionName, CancellationToken cancel);

    /// <summary>
    /// Whether of these collections none of the segments named still grows, and every row stamped up to a moment is in a sealed segment. A moment that is
    /// still to come is not reached.
    /// </summary>
    Task<Result<bool>> IsFlushed(IReadOnlyList<CollectionInfo> collections, IReadOnlySet<SegmentId> asked, Timestamp until, CancellationToken cancel);

    /// <summary>
    /// Plans what is worth merging among a collection's sealed segments; the merges are done in the background, one after another. The answer names the request.
    /// Fails where too many requests wait.
    /// </summary>
    Task<Result<CompactionAnswer>> Compact(CollectionInfo collection, CancellationToken cancel);

    /// <summary>The merges of a request; null where this node does not know it (any more): an active that ended took what it had not done with it.</summary>
    ImmutableArray<CompactionPlan>? Compaction(long request);
}
