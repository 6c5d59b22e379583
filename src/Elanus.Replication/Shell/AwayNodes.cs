using System.Collections.Immutable;

namespace Elanus.Replication;

/// <summary>
/// What the active's log is kept for beyond what its own start needs: nodes that followed it a moment ago, and the one that was active before, which may be back at once. Without this a
/// node that was away while two checkpoints were taken would copy the whole state. Bounded in time and in bytes, and nothing is kept where the disk is full. One caller at a time.
/// </summary>
internal sealed class AwayNodes(FileLog log, ReplicaOptions options, TimeProvider time)
{
    private readonly Dictionary<NodeId, long> heardAt = [];
    private Epoch epoch;
    private long since;

    /// <summary>The position from which the log is kept; at or below the one that a start needs.</summary>
    public LogPosition From(LogPosition needed, ReplicaState state, ImmutableArray<PeerStanding> peers)
    {
        if (!state.IsActive || log.Shortage is not null)
        {
            return needed;
        }

        var now = time.GetTimestamp();
        if (epoch != state.Epoch)
        {
            (epoch, since) = (state.Epoch, now);
            heardAt.Clear();
        }

        var kept = needed;
        if (log.Chain.Fences is [.., { PredecessorEnd: > 0 } fence] && IsRecent(since, now))
        {
            // Whoever led before holds what this epoch follows.
            kept = Lower(kept, fence.Position, needed);
        }

        foreach (var peer in peers)
        {
            var at = !peer.IsHeard && heardAt.TryGetValue(peer.Member.Node, out var earlier) ? earlier : now;
            heardAt[peer.Member.Node] = at;
            if (peer.Held > 0 && IsRecent(at, now))
            {
                kept = Lower(kept, new(log.Channel, peer.Held + 1), needed);
            }
        }

        return kept;
    }

    private bool IsRecent(long at, long now) => time.GetElapsedTime(at, now) < TimeSpan.FromMilliseconds(options.AwayKeptMs);

    /// <summary>The lower one, where the log goes back so far still, and not by too much.</summary>
    private LogPosition Lower(LogPosition kept, LogPosition wanted, LogPosition needed) =>
        wanted < kept && wanted >= log.Front && log.BytesBetween(wanted, needed) <= options.AwayKeptBytesMax ? wanted : kept;
}
