using System.Collections.Immutable;
using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>
/// Decides which rows form a segment: seals what grows on a flush, and what has grown large. The decision is a record; what follows from it
/// happens on every node alike.
/// </summary>
public sealed class DataCoord(
    ProxyContext proxy, DataChannels channels, DataState state, SegmentKeeper segments, TimeProvider time, long segmentBytesMax) : IDataCoord
{
    /// <summary>How often growing segments are looked at.</summary>
    private static readonly TimeSpan SealCheckPeriod = TimeSpan.FromSeconds(1);

    public async Task<Result<FlushAnswer>> Flush(string databaseName, string collectionName, CancellationToken cancel)
    {
        if (!proxy.Collection(databaseName, collectionName).TryGet(out var collection, out var failure))
        {
            return failure;
        }

        if (state.Find(collection.Id) is not { } data)
        {
            return Failure.CollectionNotFound(databaseName, collectionName);
        }

        // Writes acknowledged before this call are committed; the seal's record comes after them in every channel of the collection.
        var before = data.Statistics().Segments.Where(s => s.IsSealed).Select(s => s.Id).ToHashSet();
        if (!(await channels.Sealed(Seal.All(collection.Id), cancel)).TryGet(out var timestamp, out failure))
        {
            return failure;
        }

        var after = data.Statistics().Segments.Where(s => s.IsSealed).Select(s => s.Id).ToList();
        return new FlushAnswer(collection, [.. after.Where(s => !before.Contains(s))], [.. after.Where(before.Contains)], timestamp);
    }

    public async Task<Result<bool>> IsFlushed(
        IReadOnlyList<CollectionInfo> collections,
        IReadOnlySet<SegmentId> asked,
        Timestamp until,
        CancellationToken cancel)
    {
        if (until > proxy.Clock.Now())
        {
            return false;
        }

        if (!(await proxy.Node.Reach(Freshness.Strong, cancel)).TryGet(out _, out var failure)
            || !(await proxy.Node.Reach(new(ConsistencyLevel.Session, until), cancel)).TryGet(out _, out failure))
        {
            return failure;
        }

        // A segment that is not there any more was sealed before it was dropped or merged.
        var growing = collections.SelectMany(c => state.Find(c.Id)?.Statistics().Segments ?? []).Where(s => !s.IsSealed);
        return !growing.Any(s => asked.Contains(s.Id) || s.GrowsSince <= until);
    }

    public async Task<Result<CompactionAnswer>> Compact(CollectionInfo collection, CancellationToken cancel)
    {
        if (state.Find(collection.Id) is not { } data)
        {
            return Failure.CollectionNotFound(proxy.Metadata.Current.Root.DatabaseOf(collection).Name, collection.Name);
        }

        if (!(await proxy.Ids.Allocate(1, cancel)).TryGet(out var id, out var failure))
        {
            return failure;
        }

        var plans = segments.Asked(data).ToList();
        return segments.Requests.Add(id, plans)
            ? new CompactionAnswer(id, plans.Count)
            : new Failure(FailureCode.TooManyRequests, $"too many compactions wait, that of collection {collection.Name} is one too many");
    }

    public ImmutableArray<CompactionPlan>? Compaction(long request) => segments.Requests.Find(request);

    /// <summary>Seals segments that have grown to their size, for as long as this role is active.</summary>
    public async Task SealLargeSegments(CancellationToken cancel)
    {
        using var ticks = new Ticks(SealCheckPeriod, time, cancel);
        while (await ticks.Next())
        {
            foreach (var data in state.Collections)
            {
                var large = data.Statistics().Segments.Where(s => !s.IsSealed && s.Bytes >= segmentBytesMax).Select(s => s.Id).ToList();
                if (large.Count > 0)
                {
                    // A failure is the log's and is seen by every writer; the next tick tries again.
                    await channels.Sealed(new(data.Id, [.. large], []), cancel);
                }
            }
        }
    }
}
