using Elanus.Log;
using Elanus.Replication;
using Elanus.Server;
using Elanus.Storage;

namespace Elanus.Simulation;

/// <summary>
/// A machine with one node on it: a disk that stays, and a process that starts, dies and starts again. Calls come from other processes, as
/// over a network that loses nothing but what the node's death loses.
/// </summary>
public sealed class SimulatedNode : ICallTarget
{
    /// <summary>How long calls under way are waited for, and another node to take over, when a member of a cluster stops.</summary>
    private const long StopTicksMax = 3 * TimeSpan.TicksPerSecond;

    private readonly SimulationLoop loop;
    private readonly Dice dice;
    private readonly NodeSettings settings;
    private readonly Func<ILog, ILog>? aroundLog;
    private readonly Dictionary<long, Action> waiting = [];
    private SimulatedProcess? process;
    private StandaloneNode? node;
    private long calls;
    private int incarnations;
    private TimeSpan clockOffset;

    public SimulatedNode(SimulationLoop loop, string name, NodeSettings settings, Dice dice, Func<ILog, ILog>? aroundLog)
    {
        this.loop = loop;
        this.dice = dice;
        this.settings = settings;
        this.aroundLog = aroundLog;
        Name = name;
        Disk = new(loop, dice.Fork());
    }

    public string Name { get; }

    public SimulatedDisk Disk { get; }

    public NodeStanding Standing { get; private set; } = NodeStanding.Down;

    /// <summary>Why the process ended by itself, where it did.</summary>
    public string Refusal { get; private set; } = "";

    /// <summary>The node while it serves; null otherwise.</summary>
    public StandaloneNode? Serving => Standing == NodeStanding.Serving ? node : null;

    /// <summary>The node while its process has one, serving or not.</summary>
    public StandaloneNode? Running => node;

    /// <summary>What makes each of its processes a member of a cluster; null where the node is alone.</summary>
    public Func<SimulatedProcess, ClusterMembership>? Membership { get; set; }

    /// <summary>A process has ended, by itself or not; with what it knew of its cluster, where it knew anything.</summary>
    public Action<SimulatedProcess, ReplicaState?>? Ended { get; set; }

    /// <summary>Runs in every process of the node from when it serves, for as long as it lives.</summary>
    public Func<StandaloneNode, Task>? Companion { get; set; }

    /// <summary>A process has read the log on its disk, and takes part in nothing yet.</summary>
    public Action<ReplicatedLog>? Found { get; set; }

    /// <summary>Judges a process that has closed in good order, with its last checkpoint taken.</summary>
    public Func<StandaloneNode, Task>? Closed { get; set; }

    /// <summary>Whether the process ends because the machine does.</summary>
    public bool LostPower { get; private set; }

    /// <summary>How often a process was started.</summary>
    public int Starts => incarnations;

    /// <summary>How far the machine's wall clock is off.</summary>
    public TimeSpan ClockOffset
    {
        get => clockOffset;
        set
        {
            clockOffset = value;
            if (process is not null)
            {
                process.Clock.Offset = value;
            }
        }
    }

    public void Start()
    {
        Invariant.Holds(Standing is NodeStanding.Down or NodeStanding.Refused, $"{Name} is started while it runs");
        process = loop.Process($"{Name}.{++incarnations}");
        process.Clock.Offset = clockOffset;
        Standing = NodeStanding.Changing;
        loop.Event($"{process.Name} starts");
        var own = process;
        own.Begin(() => Begin(own));
    }

    /// <summary>The process is killed; the operating system goes on.</summary>
    public void Kill()
    {
        Note("is killed");
        End(NodeStanding.Down);
        Disk.Detach();
    }

    /// <summary>The machine loses power: with the process goes what was not synced, or a part of it.</summary>
    public void LosePower()
    {
        Note("loses power");
        LostPower = true;
        End(NodeStanding.Down);
        LostPower = false;
        Disk.LosePower();
    }

    /// <summary>The machine loses power, and its disk with it: another one, empty, stands in its place.</summary>
    public void LoseDisk()
    {
        LosePower();
        Note("has an empty disk");
        Disk.Replace(new());
        Emptied++;
    }

    /// <summary>How often its disk was lost: each time it came back as another node.</summary>
    public int Emptied { get; private set; }

    /// <summary>How often a bit flipped on its disk.</summary>
    public int Damaged { get; set; }

    /// <summary>Damaged members whose files its disk keeps: as often it came back as another node.</summary>
    public int GivenUp => Disk.Medium.ListAsync("/data/damaged", CancellationToken.None).AsTask().Result?.Count ?? 0;

    /// <summary>Stops in good order: calls under way end first.</summary>
    public void Stop()
    {
        Invariant.Holds(Standing == NodeStanding.Serving, $"{Name} is stopped while it does not serve");
        Note("stops");
        Standing = NodeStanding.Changing;
        var (own, stopping) = (process!, node!);
        own.Begin(() => Stopped(own, stopping));
    }

    /// <summary>Everything in the process stands still for a while.</summary>
    public void Hold(long ticks)
    {
        Note($"is held for {ticks / 10_000} ms");
        process?.Hold(ticks);
    }

    /// <inheritdoc/>
    public Task<CallOutcome<T>> Call<T>(Func<StandaloneNode, CancellationToken, Task<Result<T>>> call, CancellationToken cancel) => Begun(call, cancel).Task;

    /// <inheritdoc/>
    public Task<CallOutcome<T>> Read<T>(Func<StandaloneNode, CancellationToken, Task<Result<T>>> call, Func<LocalReads, CancellationToken, Task<bool>> mayAnswer, CancellationToken cancel) =>
        Call(call, cancel);

    /// <summary>Asks the node, active or not, for an answer from its own state; nothing counts as sent where it may give none.</summary>
    public async Task<CallOutcome<T>> ReadWithin<T>(
        Func<StandaloneNode, CancellationToken, Task<Result<T>>> call, Func<LocalReads, CancellationToken, Task<bool>> mayAnswer, CancellationToken patience)
    {
        var isOther = false;
        var outcome = await CallWithin<T>(
            async (serving, cancel) =>
            {
                if (await mayAnswer(new(serving.Roles.Proxy.Context, process!.Clock), cancel))
                {
                    return await call(serving, cancel);
                }

                isOther = true;
                return new Failure(FailureCode.NotReady, "it is the active's to answer");
            },
            patience);
        return isOther ? CallOutcome<T>.NotSent : outcome;
    }

    /// <summary>Calls the node, and hears no more of it once <paramref name="patience"/> is over.</summary>
    public async Task<CallOutcome<T>> CallWithin<T>(Func<StandaloneNode, CancellationToken, Task<Result<T>>> call, CancellationToken patience)
    {
        var done = Begun(call, patience);
        await using (patience.Register(() => done.TrySetResult(CallOutcome<T>.Lost)))
        {
            return await done.Task;
        }
    }

    /// <summary>Ends everything, at the end of a run.</summary>
    public void Abandon() => End(NodeStanding.Down);

    private TaskCompletionSource<CallOutcome<T>> Begun<T>(Func<StandaloneNode, CancellationToken, Task<Result<T>>> call, CancellationToken cancel)
    {
        var done = new TaskCompletionSource<CallOutcome<T>>();
        if (Serving is not { } serving)
        {
            done.SetResult(CallOutcome<T>.NotSent);
            return done;
        }

        var number = ++calls;
        waiting.Add(number, () => done.TrySetResult(CallOutcome<T>.Lost));
        process!.Begin(() => Answer(serving, number, call, done, cancel));
        return done;
    }

    private async Task Answer<T>(
        StandaloneNode serving, long number, Func<StandaloneNode, CancellationToken, Task<Result<T>>> call, TaskCompletionSource<CallOutcome<T>> done, CancellationToken cancel)
    {
        CallOutcome<T> outcome;
        try
        {
            var before = serving.Roles.Applied.Number;
            var answer = await call(serving, cancel);
            outcome = new(CallEnd.Answered, answer, before, serving.Log.Committed.Number, serving.Roles.Applied.Number, serving.Epoch);
        }
        catch (Exception end) when (end is LogDeadException or OperationCanceledException or ObjectDisposedException)
        {
            outcome = CallOutcome<T>.Lost;
        }

        if (waiting.Remove(number))
        {
            done.TrySetResult(outcome);
        }
    }

    private async Task Begin(SimulatedProcess own)
    {
        var seams = new NodeSeams(Disk.Attach(own), own.Clock, new SeededRandom(dice.Next()), new SteppedWork(own, dice.Fork())) { AroundLog = Around };
        StandaloneNode? started;
        try
        {
            if (!(await StandaloneNode.Start(settings, seams, Membership?.Invoke(own), CancellationToken.None)).TryGet(out started, out var failure))
            {
                Refuse(failure.ToString());
                return;
            }

            node = started;
        }
        catch (Exception end) when (end is LogDamagedException)
        {
            Refuse(end.Message);
            return;
        }
        catch (Exception end) when (end is LogDeadException or IOException or EpochOverException { StartsAgain: true })
        {
            Exit($"dies at its start: {end.Message}");
            return;
        }

        Standing = NodeStanding.Serving;
        Note("serves");
        if (Companion is { } companion)
        {
            own.Begin(() => companion(started));
        }

        var died = await node.Death;
        if (Standing == NodeStanding.Serving)
        {
            Invariant.Holds(
                died is LogDeadException or IOException or LogDamagedException or EpochOverException || (Damaged > 0 && (died is StoredFileDamagedException || died.InnerException is StoredFileDamagedException)),
                $"{Name} died of a bug: {died}");
            if (died is EpochOverException { NeedsOperator: true })
            {
                Refuse(died.Message);
            }
            else
            {
                Exit($"dies: {died.Message}");
            }
        }
    }

    private ILog Around(ILog log)
    {
        if (log is ReplicatedLog replicated)
        {
            Found?.Invoke(replicated);
        }

        return aroundLog?.Invoke(log) ?? log;
    }

    private async Task Stopped(SimulatedProcess own, StandaloneNode stopping)
    {
        var since = loop.Now;
        if (stopping.Replica is { } replica)
        {
            // Another member claims first; what is still under way then is lost to its callers.
            _ = replica.HandOver(null);
            var latest = loop.Now + StopTicksMax;
            while (loop.Now < latest && (waiting.Count > 0 || replica.State.IsActive) && !stopping.Death.IsCompleted)
            {
                await own.Delay(10_000);
            }
        }

        while (stopping.Replica is null && waiting.Count > 0)
        {
            await own.Delay(1_000);
        }

        if (stopping.Replica is null && dice.Chance(700))
        {
            await Close(stopping, since);
        }

        await stopping.DisposeAsync();
        Note("has stopped");
        End(NodeStanding.Down);
        Disk.Detach();
    }

    /// <summary>The last checkpoint is taken; only a disk that fails meanwhile, or has before, may keep the node from it.</summary>
    private async Task Close(StandaloneNode stopping, long since)
    {
        if ((await stopping.Close(CancellationToken.None)).TryGet(out _, out var failure))
        {
            Note("has closed");
            await (Closed?.Invoke(stopping) ?? Task.CompletedTask);
            return;
        }

        Note($"could not take its last checkpoint: {failure}");
        if (!Disk.FailedSync && !Disk.WasShortSince(since))
        {
            throw new SimulationFaultException($"{Name} stopped in good order, its disk well, and could not take its last checkpoint: {failure}");
        }
    }

    private void Refuse(string why)
    {
        Refusal = why;
        Note($"refuses to start: {why}");
        End(NodeStanding.Refused);
        Disk.Detach();
    }

    private void Exit(string why)
    {
        Note(why);
        End(NodeStanding.Down);
        Disk.Detach();
    }

    private void End(NodeStanding standing)
    {
        Standing = standing;
        // Nothing in the process runs any more; what it held outside the collected heap is given back here.
        _ = node?.Roles.State.DisposeAsync().AsTask();
        var knew = node?.Replica?.State;
        node = null;
        process?.End();
        if (process is not null)
        {
            Ended?.Invoke(process, knew);
        }

        process = null;
        foreach (var lost in waiting.OrderBy(call => call.Key).Select(call => call.Value).ToList())
        {
            lost();
        }

        waiting.Clear();
    }

    private void Note(string what) => loop.Event($"{process?.Name ?? Name} {what}");
}
