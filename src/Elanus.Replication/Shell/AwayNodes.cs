using System.Collections.Immutable;

namespace Elanus.Replication;

/// <summary>
/// What the active's log is kept for beyond what its own start needs: nodes that followed it a moment ago, and the one that was active before, which may be back at once. Without this a
/// node that was away while two checkpoints were taken would copy the whole state. Bounded in time and in bytes; a node that answers and stands still is bounded by bytes alone. Only what this
/// epoch's active saw counts: the next one knows nothing of a node that was away before. Any thread.
/// </summary>
internal sealed class AwayNodes(FileLog log, ReplicaOptions options, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<NodeId, long> heardAt = [];
    private Epoch epoch;
    private long since;

    /// <summary>Whom the active hears now; to be told often.</summary>
    public void Note(ReplicaState state, ImmutableArray<PeerStanding> peers)
    {
        if (!state.IsActive)
        {
            return;
        }

        lock (gate)
        {
            var now = time.GetTimestamp();
            if (epoch != state.Epoch)
            {
                (epoch, since) = (state.Epoch, now);
                heardAt.Clear();
            }

            // One that has acknowledged something was heard, if not now.
            foreach (var peer in peers.Where(peer => peer.IsHeard || (peer.Held > 0 && !heardAt.ContainsKey(peer.Member.Node))))
            {
                heardAt[peer.Member.Node] = now;
            }
        }
    }

    /// <summary>The position from which the log is kept; at or below the one that a start needs.</summary>
    public LogPosition From(LogPosition needed, ReplicaState state, ImmutableArray<PeerStanding> peers)
    {
        Note(state, peers);
        lock (gate)
        {
            if (!state.IsActive)
            {
                return needed;
            }

            var kept = needed;
            if (log.Chain.Fences is [.., { PredecessorEnd: > 0 } fence] && IsRecent(since))
            {
                // Whoever led before holds about as much as this epoch follows.
                kept = Lower(kept, fence.Position, needed);
            }

            foreach (var peer in peers.Where(peer => peer.Held > 0 && heardAt.TryGetValue(peer.Member.Node, out var at) && IsRecent(at)))
            {
                kept = Lower(kept, new(log.Channel, peer.Held + 1), needed);
            }

            return kept;
        }
    }

    private bool IsRecent(long at) => time.GetElapsedTime(at) < TimeSpan.FromMilliseconds(options.AwayKeptMs);

    /// <summary>The lower one, where the log goes back so far still, and not by too much.</summary>
    private LogPosition Lower(LogPosition kept, LogPosition wanted, LogPosition needed) =>
        wanted < kept && wanted >= log.Front && log.BytesBetween(wanted, needed) <= options.AwayKeptBytesMax ? wanted : kept;
}
