using Elanus.Log;

namespace Elanus.Simulation;

/// <summary>The histories of a run: every epoch belongs to the one of the last forced epoch at or below it, since whoever claims later holds that one's log.</summary>
public sealed class Branches(Func<int, Operation?> operations) : IDisposable
{
    private readonly List<Branch> all = [new(null, 0, 0, new(operations))];

    public IReadOnlyList<Branch> All => all;

    public Branch First => all[0];

    public Branch Last => all[^1];

    public Branch Of(Epoch epoch) => all.FindLast(branch => branch.From <= epoch.Number)!;

    /// <summary>A forced epoch was claimed by a node of a branch, which holds this log; null where it does not run.</summary>
    public Branch Forced(Epoch epoch, Branch parent, FileLog? log)
    {
        // What the parent took over is known, whether or not anybody has read it there.
        if (parent.FillFromParent(parent.Shared) is { } wrong)
        {
            throw new SimulationFaultException(wrong);
        }

        var shared = 0UL;
        if (log is not null)
        {
            for (shared = Math.Min(parent.Evidence.Position, log.Durable.Number); shared >= log.Front.Number && log.Chain.EpochAt(shared) != parent.Evidence.At(shared).Epoch; shared--)
            {
            }
        }

        // Where a force dropped what this node has, it may be about to cut that, and its own claim waits for the cut.
        shared = all.Where(left => left.Parent == parent).Select(left => left.Shared).Append(shared).Min();
        var next = new Branch(parent, epoch.Number, shared, new(operations));
        all.Add(next);
        return next;
    }

    public void Dispose() => all.ForEach(branch => branch.Dispose());
}
