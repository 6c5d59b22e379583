using System.Collections.Immutable;
using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>
/// The life of sealed segments, as long as this role is active: appends what says that files exist, which segments become one, and which files may go. What
/// the records lead to happens on every node alike. Where a checkpoint lacks a record that it could stand behind, to let files go, it appends one that says nothing. One compaction at a time, in the background. One loop runs it; requests come from any thread.
/// </summary>
public sealed class SegmentKeeper(MetadataMachine metadata, DataChannels channels, DataState state, TimeProvider time, HybridClock clock, long segmentBytesMax, Func<bool> lacksRecord)
{
    private static readonly TimeSpan IdlePeriod = TimeSpan.FromSeconds(1);

    /// <summary>Steps of a compaction follow each other faster than the segments' own life asks for.</summary>
    private static readonly TimeSpan BusyPeriod = TimeSpan.FromMilliseconds(100);

    private readonly CompactionRequests requests = new();

    public CompactionRequests Requests => requests;

    /// <summary>What merging a collection's sealed segments now would do, whether or not the files of all are written yet.</summary>
    public IEnumerable<CompactionPlan> Asked(CollectionData data) => CompactionPolicy
        .Plans(data.Weigh(ExpireBefore(data.Id)), segmentBytesMax, CompactionPolicy.MergeMinAsked, segment => !segment.IsBusy, data.NewMerge)
        .Select(inputs => new CompactionPlan(data.Id, inputs, null, CompactionPlanState.Waiting));

    /// <summary>Runs until cancelled; ends early only with the reason why the role cannot go on.</summary>
    public async Task Run(CancellationToken cancel)
    {
        using var ticks = new Ticks(IdlePeriod, time, cancel);
        while (await ticks.Next())
        {
            var busy = await Look(cancel);
            ticks.Restart(busy ? BusyPeriod : IdlePeriod);
        }
    }

    /// <summary>Appends what can be said now; whether a compaction is under way. A failure is the log's, and the next look tries again.</summary>
    public async Task<bool> Look(CancellationToken cancel)
    {
        IEnumerable<DataRecord> nothing = lacksRecord() ? [new Drop(default, [])] : [];
        foreach (var record in state.Unpublished().Concat<DataRecord>(state.Unneeded()).Concat(nothing))
        {
            if (!(await channels.Append(record, cancel)).Succeeded)
            {
                return false;
            }
        }

        Settle();
        if (state.Collections.Any(c => c.Compactions().Count > 0))
        {
            return true;
        }

        return await BeginAsked(cancel) || await BeginUnasked(cancel);
    }

    private async Task<bool> BeginAsked(CancellationToken cancel)
    {
        if (requests.Next is not { } plan)
        {
            return false;
        }

        var output = await Begin(plan.Collection, plan.Inputs, cancel);
        if (output.Succeeded)
        {
            requests.Change(plan, plan with { Output = output.Value, State = output.Value is null ? CompactionPlanState.Failed : CompactionPlanState.Executing });
        }

        return true;
    }

    private async Task<bool> BeginUnasked(CancellationToken cancel)
    {
        foreach (var data in state.Collections)
        {
            var plans = CompactionPolicy.Plans(
                data.Weigh(ExpireBefore(data.Id)), segmentBytesMax, CompactionPolicy.MergeMin, segment => segment.IsPublished && !segment.IsBusy, data.NewMerge);
            foreach (var inputs in plans)
            {
                // One that came to nothing, since its inputs had gone meanwhile, holds up no other.
                var begun = await Begin(data.Id, inputs, cancel);
                if (!begun.Succeeded || begun.Value is not null)
                {
                    return begun.Succeeded;
                }
            }
        }

        return false;
    }

    /// <summary>Appends a compaction; the output's id, or null where its inputs had gone meanwhile.</summary>
    private async Task<Result<SegmentId?>> Begin(CollectionId collection, ImmutableArray<SegmentId> inputs, CancellationToken cancel)
    {
        if (!(await channels.Append(new Compact(collection, inputs, ExpireBefore(collection)), cancel)).TryGet(out var appended, out var failure))
        {
            return failure;
        }

        var output = Compact.OutputAt(appended.Position);
        return Result<SegmentId?>.Ok(state.Find(collection)?.Compactions().Any(c => c.Output == output) == true ? output : null);
    }

    /// <summary>Notes what became of the merges that were asked for.</summary>
    private void Settle()
    {
        foreach (var plan in requests.Executing)
        {
            var data = state.Find(plan.Collection);
            if (data?.Compactions().Any(c => c.Output == plan.Output) == true)
            {
                continue;
            }

            // Output and inputs change places in one step; an output without rows leaves nothing.
            var gone = data?.Statistics().Segments.All(s => !plan.Inputs.Contains(s.Id)) == true;
            requests.Change(plan, plan with { State = gone ? CompactionPlanState.Completed : CompactionPlanState.Failed });
        }
    }

    private Timestamp ExpireBefore(CollectionId collection) =>
        metadata.Current.Root.Collections.GetValueOrDefault(collection) is { } info ? Expiry.NotBefore(info, clock.Now()) : Timestamp.Zero;
}
