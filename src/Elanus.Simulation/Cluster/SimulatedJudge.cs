using Elanus.Coordination;

namespace Elanus.Simulation;

/// <summary>
/// The arbiter of a simulated world: a store in a process of its own, and what goes wrong on the way there. What reached it takes effect whoever gave up.
/// </summary>
public sealed class SimulatedJudge
{
    private readonly SimulationLoop loop;
    private readonly Dice dice;
    private readonly HashSet<string> cuts = [];
    private readonly List<(RoleRecord Record, InProcessImage Image)> past = [];
    private (RoleRecord Record, InProcessImage Image)? lost;
    private int lives;

    public SimulatedJudge(SimulationLoop loop, Dice dice)
    {
        this.loop = loop;
        this.dice = dice;
        Process = loop.Process("arbiter");
        Store = new(Process.Clock);
    }

    public InProcessStore Store { get; }

    public SimulatedProcess Process { get; private set; }

    /// <summary>Ticks that a message takes at most.</summary>
    public long DelayMax { get; set; } = 30_000;

    public int LostRequestsInThousand { get; set; }

    public int LostRepliesInThousand { get; set; }

    public int LostHintsInThousand { get; set; }

    /// <summary>Ticks that a hint is late at most.</summary>
    public long HintDelayMax { get; set; } = 50_000;

    /// <summary>Called when the record names another holder or epoch than before: in the arbiter's own step.</summary>
    public Action<RoleRecord>? Claimed { get; set; }

    /// <summary>The record as it stands.</summary>
    public RoleRecord? Record { get; private set; }

    /// <summary>Whether its data are older ones than those that it had.</summary>
    public bool HasForgotten => lost is not null;

    /// <summary>The way of one process on a machine.</summary>
    public IArbiter Attach(SimulatedProcess process, string machine) => new SimulatedArbiter(this, process, machine);

    public void Cut(string machine) => cuts.Add(machine);

    public void Mend(string machine) => cuts.Remove(machine);

    public void MendAll()
    {
        cuts.Clear();
        (LostRequestsInThousand, LostRepliesInThousand, LostHintsInThousand) = (0, 0, 0);
        (DelayMax, HintDelayMax) = (30_000, 50_000);
        Remember();
    }

    public bool IsCut(string machine) => cuts.Contains(machine);

    /// <summary>Answers nobody for a while; what arrives meanwhile is done afterwards.</summary>
    public void Stall(long ticks) => Process.Hold(ticks);

    /// <summary>What is under way is lost; what was kept stays.</summary>
    public void Restart()
    {
        Process.End();
        Process = loop.Process($"arbiter.{++lives}");
        Store.Restart();
    }

    /// <summary>Its data are replaced by older ones, from before the epoch that stands, or by none.</summary>
    public void Forget(Dice choices)
    {
        Invariant.Holds(!HasForgotten && Record is not null, "an arbiter forgets what it does not know");
        lost = (Record!, Store.Image());
        var older = past.Where(then => then.Record.Epoch.Number < Record!.Epoch.Number).ToList();
        (Record, var image) = older.Count == 0 || choices.Chance(300) ? (null, InProcessImage.Empty) : choices.Of(older);
        loop.Event($"the arbiter is restored from {(Record is null ? "nothing" : $"a copy of {Record.Epoch}")}: it had {lost.Value.Record.Epoch}");
        Store.Restore(image);
    }

    /// <summary>An operator puts right what it had lost; but where a claim from before has taken effect on what was left, the record has moved on by itself.</summary>
    public void Remember()
    {
        if (lost is { } before && (Record is null || Record.Epoch.Number <= before.Record.Epoch.Number))
        {
            loop.Event($"the arbiter has {before.Record.Epoch} again");
            Record = before.Record;
            Store.Restore(before.Image);
        }

        lost = null;
    }

    /// <summary>The supervisor of a process that ended takes its hint back.</summary>
    public void Withdraw(IArbiter own, string role, Epoch epoch) =>
        Process.Begin(async () => await own.WithdrawAsync(role, epoch, CancellationToken.None));

    /// <summary>The cluster's record was changed.</summary>
    internal void Keep(RoleRecord next)
    {
        var claimed = Record?.Epoch != next.Epoch;
        Record = next;
        past.Add((next, Store.Image()));
        if (claimed)
        {
            Claimed?.Invoke(next);
        }
    }

    /// <summary>Takes a request there and its answer back; each part may get lost.</summary>
    internal void Carry<T>(SimulatedProcess from, string machine, Func<ValueTask<T>> ask, TaskCompletionSource<T> reply)
    {
        if (IsCut(machine) || dice.Chance(LostRequestsInThousand))
        {
            return;
        }

        var arbiter = Process;
        loop.SetAlarm(arbiter, loop.Now + Delay(), _ => arbiter.Begin(Answer), null);

        async Task Answer()
        {
            var answer = await ask();
            if (!IsCut(machine) && !dice.Chance(LostRepliesInThousand))
            {
                loop.SetAlarm(from, loop.Now + Delay(), _ => reply.TrySetResult(answer), null);
            }
        }
    }

    /// <summary>How late a hint comes; null for never.</summary>
    internal long? HintDelay(string machine) => IsCut(machine) || dice.Chance(LostHintsInThousand) ? null : dice.Scaled(1_000, HintDelayMax);

    private long Delay() => dice.Scaled(2_000, DelayMax);
}
