using System.Collections.Concurrent;

namespace Elanus.Replication;

/// <summary>
/// A channel held by a set of nodes. It follows, and becomes the writer when its core does; whoever waits for that waits for <see cref="Activated"/>.
/// What is appended is committed when every member holds it. When the epoch is over the log dies, and the process starts anew. Any thread.
/// </summary>
public sealed partial class ReplicatedLog : ILog
{
    /// <summary>The answers that Strong reads wait for; null is the answer of a log that has ended.</summary>
    private readonly ConcurrentDictionary<long, TaskCompletionSource<ulong?>> reads = new();
    private long tickets;
    private int readsWaiting;
    private volatile bool alone;

    /// <summary>Strong reads that wait for a confirmation, those too that were given up: the protocol looks at each of them at every step.</summary>
    private const int ReadsWaitingMax = 10_000;

    /// <summary>Beside the bytes of a record that waits for its commit.</summary>
    private const int AppendBytes = 512;

    /// <summary>Records that wait for their commit: while nobody consents, clients go on.</summary>
    private readonly SharedBudget uncommitted;

    private readonly SlowAppends slow;

    /// <summary>No start needs the log below this position, and some of it is kept; null where none is. Whoever has the gate changes it.</summary>
    private LogPosition? needless;

    private static readonly TimeSpan AwayLook = TimeSpan.FromSeconds(1);

    /// <summary>How long a read on a follower waits for the active's clock.</summary>
    private static readonly TimeSpan FollowedPatience = TimeSpan.FromSeconds(1);

    public ChannelId Channel => log.Channel;

    public LogPosition Front => log.Front;

    public LogPosition Committed => log.Committed;

    /// <summary>The last position that is durable here; committed or not.</summary>
    public LogPosition LastDurable => log.Durable;

    public Task<Exception> Death => log.Death;

    /// <summary>Says of a record that waited long where it did. On the appender's turn.</summary>
    public event Action<string>? AppendWasSlow;

    /// <summary>Completes when this node is the active and its fence is committed; never where that does not come.</summary>
    public Task<OpenedEpoch> Activated => activated.Task;

    /// <summary>The record format that is written while this node is active.</summary>
    public ushort Format => log.Format;

    /// <summary>Whom a write waits for.</summary>
    public AwaitedMembers Members { get; }

    /// <summary>How many members beside the active a write needs.</summary>
    public int MinInSync => options.MinInSync;

    /// <summary>Why writes are refused while <see cref="ReplicaState.AcceptsWrites"/> is false.</summary>
    public string WhyNoWrites =>
        $"the in-sync set has {State.InSync.Length} members, and cluster.minInSync asks for {options.MinInSync} beside the active: writes wait, or are refused, until another one has joined";

    /// <summary>A replica claims through the arbiter, by itself or at an operator's word; nobody opens its epochs from outside.</summary>
    public ValueTask<Result<OpenedEpoch>> OpenAsync(Epoch epoch, bool forced, CancellationToken cancel) =>
        new(new Failure(FailureCode.NotSupported, $"the log of {Channel} is one of a set: the arbiter decides who opens it"));

    /// <summary>As the interface says. <see cref="FailureCode.NotReady"/> also where the log has ended and nothing of the record was appended.</summary>
    public async ValueTask<Result<Appended>> AppendAsync(
        RecordKind kind, IReadOnlyList<ReadOnlyMemory<byte>> payload, TimeSpan patience, CancellationToken cancel)
    {
        Task? going;
        lock (gate)
        {
            going = paused?.Task;
        }

        if (going is not null)
        {
            try
            {
                // Whether it ended meanwhile is asked below.
                await ((Task)Waits.First(going, log.Death)).Within(patience, seams.Time, cancel);
            }
            catch (TimeoutException)
            {
                return new Failure(FailureCode.TooManyRequests, "writes wait for a switchover that does not end");
            }
        }

        var since = seams.Time.GetTimestamp();
        var bytes = payload.Sum(piece => (long)piece.Length) + AppendBytes;
        using var share = uncommitted.TryTake(bytes) ?? await RoomFor(bytes, patience, cancel);

        // Counted before: behind a change of the active many wait for its members.
        if (share is not null && !State.AcceptsWrites && !await Members.Come(patience, cancel))
        {
            return new Failure(FailureCode.Unavailable, WhyNoWrites);
        }

        if (log.Death.IsCompleted)
        {
            // It ended while the record waited outside: nobody needs to doubt what became of it.
            return new Failure(
                FailureCode.NotReady,
                $"the log of {Channel} ended before the record was appended ({(await log.Death).Message}), so nothing was written; send it again{(State.Active is { } active && active.Node != self.Node ? $", to the active node {active.Address}" : "")}");
        }

        if (share is null)
        {
            return new Failure(FailureCode.TooManyRequests, $"{uncommitted.Taken} bytes wait for their commit on the log of {Channel}, and none became free within {patience.TotalMilliseconds:0} ms");
        }

        var appended = await log.AppendAsync(kind, payload, patience, cancel);
        if (appended.Succeeded)
        {
            slow.Answered(appended.Value.Position.Number, since);
        }

        return appended;
    }

    private async ValueTask<IDisposable?> RoomFor(long bytes, TimeSpan patience, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(patience, seams.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            return await uncommitted.TakeAsync(bytes, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    public async ValueTask<Result<LogPosition>> ConfirmAsync(CancellationToken cancel)
    {
        if (!activated.Task.IsCompleted)
        {
            return new Failure(FailureCode.NotReady, $"this node is not the active of {Channel}");
        }

        if (Interlocked.Increment(ref readsWaiting) > ReadsWaitingMax)
        {
            Interlocked.Decrement(ref readsWaiting);
            return new Failure(FailureCode.TooManyRequests, $"more than {ReadsWaitingMax} Strong reads wait until it is confirmed that this node is the active of {Channel}");
        }

        var ticket = Interlocked.Increment(ref tickets);
        var answer = new TaskCompletionSource<ulong?>(TaskCreationOptions.RunContinuationsAsynchronously);
        reads[ticket] = answer;
        loop.Post(new ReadRequested(ticket));
        if (log.Death.IsCompleted)
        {
            EndReads();
        }

        return await answer.Task.Until(cancel) is { } position ? new LogPosition(Channel, position) : throw new LogDeadException(Channel, await log.Death);
    }

    /// <summary>The log has ended: nobody answers them any more.</summary>
    private void EndReads()
    {
        foreach (var ticket in reads.Keys)
        {
            if (reads.TryRemove(ticket, out var read))
            {
                read.TrySetResult(null);
            }
        }
    }

    public LogPosition? CommittedAlone => alone && activated.Task.IsCompleted && !log.Death.IsCompleted ? log.Committed : null;

    public ValueTask<Result<Timestamp>> NextTimestampAsync(CancellationToken cancel) => log.NextTimestampAsync(cancel);

    /// <summary>
    /// On the active: a moment too far ahead of its clock is refused for good only where it is the active still; one that was overtaken by a node whose clock is ahead cannot judge
    /// what that one has shown. On a follower: waits, within a bound, until the active's clock is known to have passed the moment.
    /// </summary>
    public async ValueTask<Result<LogPosition>> PromiseAsync(Timestamp timestamp, CancellationToken cancel)
    {
        if (activated.Task.IsCompleted)
        {
            var promised = await log.PromiseAsync(timestamp, cancel).AsTask().Until(cancel);
            return promised.Failure?.Code == FailureCode.InvalidParameter && (await ConfirmAsync(cancel)).Failure is { } unconfirmed ? unconfirmed : promised;
        }

        if (followed.EndOf(timestamp) is { } known)
        {
            return new LogPosition(Channel, known);
        }

        if (State.Active is { } active)
        {
            _ = await network.SendAsync(active.Node, new AskClock(State.Epoch, timestamp), cancel);
        }

        return await followed.Pass(timestamp, FollowedPatience, cancel) is { } end
            ? new LogPosition(Channel, end)
            : new Failure(FailureCode.NotReady, $"this standby does not know within {FollowedPatience.TotalSeconds:0.#} s that the active has passed {timestamp}");
    }

    public Result<ILogReader> Read(LogPosition from) => log.Read(from);

    public async ValueTask<Result<Unit>> TruncateFrontAsync(LogPosition needed, CancellationToken cancel)
    {
        await truncating.EnterAsync(cancel);
        try
        {
            needless = needed;
            return await LetGo(needed, cancel);
        }
        finally
        {
            truncating.Leave();
        }
    }

    /// <summary>What was kept for nodes that are away is let go of when its time has passed, or the disk needs the room, though no checkpoint is taken.</summary>
    private async Task LookAfterAway()
    {
        while (!log.Death.IsCompleted)
        {
            await Task.Delay(AwayLook, seams.Time, stop.Token);
            away.Note(State, Peers);
            if (needless is not null)
            {
                await truncating.EnterAsync(stop.Token);
                try
                {
                    if (needless is { } needed)
                    {
                        await LetGo(needed, stop.Token);
                    }
                }
                finally
                {
                    truncating.Leave();
                }
            }
        }
    }

    private async ValueTask<Result<Unit>> LetGo(LogPosition needed, CancellationToken cancel)
    {
        if (salvaging || keeping)
        {
            // The next checkpoint lets go of more.
            return Result.Ok;
        }

        var hasRoom = await seams.Files.FreeBytesAsync(directory, cancel) >= options.AwayKeptBytesMax;
        var from = hasRoom ? away.From(needed, State, Peers) : needed;
        var done = from > log.Front ? await log.TruncateFrontAsync(from, cancel) : Result.Ok;
        if (done.Succeeded && from == needed)
        {
            needless = null;
        }

        loop.Post(new FrontMoved(log.Front.Number));
        return done;
    }
}
