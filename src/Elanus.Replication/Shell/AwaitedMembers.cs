using Elanus.Primitives;

namespace Elanus.Replication;

/// <summary>
/// Knows since when this node is the active without the members that a write needs. Behind a change of the active the others are back in a second or two, and what writes waits for them; when they
/// stay away it is refused at once. Any thread.
/// </summary>
public sealed class AwaitedMembers
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly ReplicatedLog replica;
    private readonly TimeProvider time;
    private TaskCompletionSource accepted = New();
    private bool ended;
    private long? since;

    internal AwaitedMembers(ReplicatedLog replica, TimeProvider time)
    {
        this.replica = replica;
        this.time = time;
        replica.Changed += _ => Look();
        Look();
        _ = EndWithLog();
    }

    /// <summary>Whether any is waited for.</summary>
    public bool Any => replica.State is { IsActive: true, AcceptsWrites: false };

    /// <summary>Whether they stay away.</summary>
    public bool StayAway
    {
        get
        {
            lock (gate)
            {
                return since is { } begun && time.GetElapsedTime(begun) > Longest;
            }
        }
    }

    /// <summary>Completes when the in-sync set suffices for writes, or the log has ended.</summary>
    public Task Accepted
    {
        get
        {
            // The state may be newer than what was told of it.
            Look();
            lock (gate)
            {
                return accepted.Task;
            }
        }
    }

    /// <summary>Waits for that as long as is sensible. False where the set does not come to suffice.</summary>
    internal async Task<bool> Come(TimeSpan patience, CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        while (Any && !StayAway && !replica.Death.IsCompleted && time.GetElapsedTime(begun) is var waited && waited < patience)
        {
            try
            {
                await Accepted.Within(patience - waited, time, cancel);
            }
            catch (TimeoutException)
            {
                // What came of it is asked below.
            }
        }

        return replica.State.AcceptsWrites || replica.Death.IsCompleted;
    }

    private void Look()
    {
        lock (gate)
        {
            since = Any ? since ?? time.GetTimestamp() : null;
            if (replica.State.AcceptsWrites)
            {
                accepted.TrySetResult();
            }
            else if (accepted.Task.IsCompleted && !ended)
            {
                accepted = New();
            }
        }
    }

    /// <summary>One wait for the log's end stands for all: it cannot be taken back.</summary>
    private async Task EndWithLog()
    {
        await replica.Death;
        lock (gate)
        {
            ended = true;
            accepted.TrySetResult();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
