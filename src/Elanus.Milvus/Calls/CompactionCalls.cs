using System.Collections.Immutable;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;

namespace Elanus.Milvus;

/// <summary>
/// Calls about compaction. What is worth merging is planned when a client asks, and merged in the background. A request that this node does not know, since
/// it was asked of a process that ended or long ago, has nothing under way: it is complete, without plans.
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

        return (await proxy.Data.Compact(target.Collection, scope.Cancel)).TryGet(out var answer, out failure)
            ? new() { Status = Statuses.Ok(), CompactionID = answer.Id, CompactionPlanCount = answer.Plans }
            : new() { Status = Statuses.Of(failure) };
    }

    public GetCompactionStateResponse State(GetCompactionStateRequest request, CallScope scope)
    {
        var plans = Find(request.CompactionID);
        return new()
        {
            Status = Statuses.Ok(),
            State = StateOf(plans),
            ExecutingPlanNo = plans.Count(IsUnderWay),
            CompletedPlanNo = plans.Count(p => p.State == CompactionPlanState.Completed),
            FailedPlanNo = plans.Count(p => p.State == CompactionPlanState.Failed),
        };
    }

    public GetCompactionPlansResponse Plans(GetCompactionPlansRequest request, CallScope scope)
    {
        var plans = Find(request.CompactionID);
        var reply = new GetCompactionPlansResponse { Status = Statuses.Ok(), State = StateOf(plans) };
        foreach (var plan in plans)
        {
            reply.MergeInfos.Add(new CompactionMergeInfo { Sources = { plan.Inputs.Select(s => s.Value) }, Target = plan.Output?.Value ?? -1 });
        }

        return reply;
    }

    private ImmutableArray<CompactionPlan> Find(long request) => proxy.Data.Compaction(request) ?? [];

    private static CompactionState StateOf(ImmutableArray<CompactionPlan> plans) =>
        plans.Any(IsUnderWay) ? CompactionState.Executing : CompactionState.Completed;

    private static bool IsUnderWay(CompactionPlan plan) => plan.State is CompactionPlanState.Waiting or CompactionPlanState.Executing;
}
