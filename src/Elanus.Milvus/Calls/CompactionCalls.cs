using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;

namespace Elanus.Milvus;

/// <summary>
/// Calls about compaction. Nothing is merged yet: a request is answered with no plans, which is what Milvus answers where it finds nothing to
/// merge, and every compaction is complete.
/// </summary>
public sealed class CompactionCalls(Proxy proxy) : ICallGroup
{
    public void Route(CallRoutes routes) => routes
        .Add<ManualCompactionRequest, ManualCompactionResponse>("ManualCompaction", Compact)
        .Add<GetCompactionStateRequest, GetCompactionStateResponse>("GetCompactionState", State)
        .Add<GetCompactionPlansRequest, GetCompactionPlansResponse>("GetCompactionStateWithPlans", Plans);

    public async Task<ManualCompactionResponse> Compact(ManualCompactionRequest request, CallScope scope)
    {
        var found = CollectionLookup.Find(proxy, scope.Database(request.DbName), request.CollectionName, request.CollectionID);
        if (!found.TryGet(out var target, out var failure))
        {
            return new() { Status = Statuses.Of(failure) };
        }

        if (request.MajorCompaction)
        {
            return new() { Status = Statuses.Of(Failure.Unimplemented($"clustering compaction (collection {target.Collection.Name})")) };
        }

        return (await proxy.Context.Ids.Allocate(1, scope.Cancel)).TryGet(out var id, out failure)
            ? new() { Status = Statuses.Ok(), CompactionID = id, CompactionPlanCount = 0 }
            : new() { Status = Statuses.Of(failure) };
    }

    public static GetCompactionStateResponse State(GetCompactionStateRequest request, CallScope scope) =>
        new() { Status = Statuses.Ok(), State = CompactionState.Completed };

    public static GetCompactionPlansResponse Plans(GetCompactionPlansRequest request, CallScope scope) =>
        new() { Status = Statuses.Ok(), State = CompactionState.Completed };
}
