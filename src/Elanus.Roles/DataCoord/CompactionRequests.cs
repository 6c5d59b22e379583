using System.Collections.Immutable;

namespace Elanus.Roles;

/// <summary>The compactions that clients asked this node for, by their ids. Any thread.</summary>
public sealed class CompactionRequests
{
    /// <summary>Requests that are remembered; the oldest finished ones are forgotten first.</summary>
    private const int RequestsMax = 1_024;

    private readonly Lock gate = new();
    private readonly SortedDictionary<long, List<CompactionPlan>> requests = [];

    /// <summary>A merge that waits for its turn; null where none does.</summary>
    public CompactionPlan? Next
    {
        get
        {
            lock (gate)
            {
                return requests.Values.SelectMany(plans => plans).FirstOrDefault(p => p.State == CompactionPlanState.Waiting);
            }
        }
    }

    /// <summary>Merges that have begun.</summary>
    public IReadOnlyList<CompactionPlan> Executing
    {
        get
        {
            lock (gate)
            {
                return [.. requests.Values.SelectMany(plans => plans).Where(p => p.State == CompactionPlanState.Executing)];
            }
        }
    }

    /// <summary>Remembers a request. False where too many are waiting.</summary>
    public bool Add(long id, IEnumerable<CompactionPlan> plans)
    {
        lock (gate)
        {
            while (requests.Count >= RequestsMax)
            {
                if (requests.FirstOrDefault(r => r.Value.TrueForAll(IsOver)) is not { Value: not null } over)
                {
                    return false;
                }

                requests.Remove(over.Key);
            }

            requests.Add(id, [.. plans]);
            return true;
        }
    }

    /// <summary>The merges of a request; null where it is not known (any more).</summary>
    public ImmutableArray<CompactionPlan>? Find(long id)
    {
        lock (gate)
        {
            return requests.TryGetValue(id, out var plans) ? [.. plans] : null;
        }
    }

    /// <summary>Puts a merge's new state in the place of the one before.</summary>
    public void Change(CompactionPlan from, CompactionPlan to)
    {
        lock (gate)
        {
            foreach (var plans in requests.Values)
            {
                var at = plans.IndexOf(from);
                if (at >= 0)
                {
                    plans[at] = to;
                }
            }
        }
    }

    private static bool IsOver(CompactionPlan plan) => plan.State is CompactionPlanState.Completed or CompactionPlanState.Failed;
}
