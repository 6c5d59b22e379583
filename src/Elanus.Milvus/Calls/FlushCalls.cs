using Elanus.Milvus.Protocol;
using Google.Protobuf.Collections;

namespace Elanus.Milvus;

/// <summary>
/// Calls that seal growing rows, and those that ask whether that has happened. A flush here is done when it answers: its record is committed
/// and applied, so every row stamped before it is in a sealed segment.
/// </summary>
public sealed class FlushCalls(Proxy proxy, TimeProvider time) : ICallGroup
{
    public void Route(CallRoutes routes) => routes
        .Add<FlushRequest, FlushResponse>("Flush", Flush)
        .Add<FlushAllRequest, FlushAllResponse>("FlushAll", FlushAll)
        .Add<GetFlushStateRequest, GetFlushStateResponse>("GetFlushState", State)
        .Add<GetFlushAllStateRequest, GetFlushAllStateResponse>("GetFlushAllState", AllState);

    public async Task<FlushResponse> Flush(FlushRequest request, CallScope scope)
    {
        var database = scope.Database(request.DbName);
        var reply = new FlushResponse { Status = Statuses.Ok(), DbName = database };
        foreach (var name in request.CollectionNames)
        {
            if (!(await proxy.Data.Flush(database, name, scope.Cancel)).TryGet(out var flushed, out var failure))
            {
                return new() { Status = Statuses.Of(failure), DbName = database };
            }

            reply.CollSegIDs[name] = Ids(flushed.Sealed);
            reply.FlushCollSegIDs[name] = Ids(flushed.Flushed);
            reply.CollSealTimes[name] = time.GetUtcNow().ToUnixTimeSeconds();
            reply.CollFlushTs[name] = flushed.Timestamp.Value;
        }

        return reply;
    }

    public async Task<FlushAllResponse> FlushAll(FlushAllRequest request, CallScope scope)
    {
        if (!Targets(request.DbName, request.FlushTargets).TryGet(out var targets, out var failure))
        {
            return new() { Status = Statuses.Of(failure) };
        }

        var reply = new FlushAllResponse { Status = Statuses.Ok() };

        // Up to the earliest of the seals, the rows of every collection are sealed.
        var earliest = Timestamp.Max;
        foreach (var (database, collections) in targets)
        {
            var results = new FlushAllResult { DbName = database };
            foreach (var name in collections)
            {
                if (!(await proxy.Data.Flush(database, name, scope.Cancel)).TryGet(out var flushed, out failure))
                {
                    return new() { Status = Statuses.Of(failure) };
                }

                earliest = flushed.Timestamp < earliest ? flushed.Timestamp : earliest;
                results.CollectionResults.Add(new FlushCollectionResult
                {
                    CollectionName = name,
                    SegmentIds = Ids(flushed.Sealed),
                    FlushSegmentIds = Ids(flushed.Flushed),
                    SealTime = time.GetUtcNow().ToUnixTimeSeconds(),
                    FlushTs = flushed.Timestamp.Value,
                });
            }

            reply.FlushResults.Add(results);
        }

        reply.FlushAllTs = earliest == Timestamp.Max ? proxy.Context.Clock.Now().Value : earliest.Value;
        return reply;
    }

    public async Task<GetFlushStateResponse> State(GetFlushStateRequest request, CallScope scope)
    {
        var collections = proxy.Metadata.Root.Collections.Values.ToList();
        if (request.CollectionName.Length > 0)
        {
            if (!proxy.Context.Collection(scope.Database(request.DbName), request.CollectionName).TryGet(out var collection, out var failure))
            {
                return new() { Status = Statuses.Of(failure) };
            }

            collections = [collection];
        }

        var segments = request.SegmentIDs.Select(s => new SegmentId(s)).ToHashSet();
        return (await proxy.Data.IsFlushed(collections, segments, new(request.FlushTs), scope.Cancel)).TryGet(out var flushed, out var why)
            ? new() { Status = Statuses.Ok(), Flushed = flushed }
            : new() { Status = Statuses.Of(why) };
    }

    public async Task<GetFlushAllStateResponse> AllState(GetFlushAllStateRequest request, CallScope scope)
    {
        if (!Targets(request.DbName, request.FlushTargets).TryGet(out var targets, out var failure))
        {
            return new() { Status = Statuses.Of(failure) };
        }

        var collections = new List<CollectionInfo>();
        foreach (var (database, name) in targets.SelectMany(t => t.Collections.Select(c => (t.Database, c))))
        {
            if (!proxy.Context.Collection(database, name).TryGet(out var collection, out failure))
            {
                return new() { Status = Statuses.Of(failure) };
            }

            collections.Add(collection);
        }

        var until = request.FlushAllTss.Values.Append(request.FlushAllTs).Max();
        return (await proxy.Data.IsFlushed(collections, new HashSet<SegmentId>(), new(until), scope.Cancel)).TryGet(out var flushed, out failure)
            ? new() { Status = Statuses.Ok(), Flushed = flushed }
            : new() { Status = Statuses.Of(failure) };
    }

    /// <summary>Databases and the names of their collections: those given, or all.</summary>
    private Result<IReadOnlyList<(string Database, IReadOnlyList<string> Collections)>> Targets(string database, RepeatedField<FlushAllTarget> targets)
    {
        var root = proxy.Metadata.Root;
        var asked = targets.Select(t => (t.DbName, t.CollectionNames.ToList())).ToList();
        if (asked.Count == 0)
        {
            asked = database.Length > 0 ? [(database, [])] : [.. root.Databases.Keys.Select(d => (d, new List<string>()))];
        }

        var found = new List<(string, IReadOnlyList<string>)>();
        foreach (var (name, collections) in asked)
        {
            if (!root.Databases.TryGetValue(name, out var known))
            {
                return Failure.DatabaseNotFound(name);
            }

            found.Add((name, collections.Count > 0 ? collections : [.. root.CollectionsOf(known.Id).Select(c => c.Name).Order(StringComparer.Ordinal)]));
        }

        return found;
    }

    private static Protocol.Schema.LongArray Ids(IEnumerable<SegmentId> segments) => new() { Data = { segments.Select(s => s.Value) } };
}
