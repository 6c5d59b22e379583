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
        foreach (var (database, collections) in targets)
        {
            var results = new FlushAllResult { DbName = database };
            foreach (var name in collections)
            {
                if (!(await proxy.Data.Flush(database, name, scope.Cancel)).TryGet(out var flushed, out failure))
                {
                    return new() { Status = Statuses.Of(failure) };
                }

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

        reply.FlushAllTs = proxy.Context.Clock.Now().Value;
        return reply;
    }

    public GetFlushStateResponse State(GetFlushStateRequest request, CallScope scope)
    {
        var collections = proxy.Metadata.Root.Collections.Values;
        if (request.CollectionName.Length > 0)
        {
            if (!proxy.Context.Collection(scope.Database(request.DbName), request.CollectionName).TryGet(out var collection, out var failure))
            {
                return new() { Status = Statuses.Of(failure) };
            }

            collections = [collection];
        }

        // A segment that is not there any more was flushed before it was dropped or merged.
        var asked = request.SegmentIDs.ToHashSet();
        var growing = collections.SelectMany(Growing).Any(asked.Contains);
        return new() { Status = Statuses.Ok(), Flushed = !growing };
    }

    public GetFlushAllStateResponse AllState(GetFlushAllStateRequest request, CallScope scope)
    {
        if (!Targets(request.DbName, request.FlushTargets).TryGet(out _, out var failure))
        {
            return new() { Status = Statuses.Of(failure) };
        }

        // FlushAll answers after its work, so what it named by its timestamp is done; a timestamp that is still to come names nothing.
        var asked = request.FlushAllTss.Values.Append(request.FlushAllTs).Max();
        return new() { Status = Statuses.Ok(), Flushed = asked <= proxy.Context.Clock.Now().Value };
    }

    private IEnumerable<long> Growing(CollectionInfo collection) => proxy.Inspection.Statistics(collection).TryGet(out var statistics, out _)
        ? statistics.Segments.Where(s => !s.IsSealed).Select(s => s.Id.Value)
        : [];

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
