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
    Task<Result<bool>> IsFlushed(IReadOnlyList<CollectionInfo> collections, IReadOnlySet<SegmentId> segments, Timestamp until, CancellationToken cancel);
}
