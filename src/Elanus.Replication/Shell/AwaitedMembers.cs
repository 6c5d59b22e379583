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
    private long? since;

    internal AwaitedMembers(ReplicatedLog replica, TimeProvider time)
    {
        this.replica = replica;
        this.time = time;
        replica.Changed += _ => Look();
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

    /// <summary>Waits until the in-sync set suffices for writes, or the log has ended. False where it does not come to that in time.</summary>
    internal async Task<bool> Come(TimeSpan patience, CancellationToken cancel)
    {
        if (!Any || StayAway)
        {
            return false;
        }

        using var late = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        return await Waits.First(replica.WritesAreAccepted(either.Token), replica.Death) == 1 || replica.State.AcceptsWrites;
    }

    private void Look()
    {
        lock (gate)
        {
            since = Any ? since ?? time.GetTimestamp() : null;
        }
    }
}
