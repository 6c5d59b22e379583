namespace Elanus.Replication;

/// <summary>
/// A planned switchover: new writes wait, a member that holds everything is asked to claim, and its claim ends this epoch. If that does not come in
/// time, writes go on here.
/// </summary>
internal sealed class HandOver(CoreContext core)
{
    private const int PatienceMs = 2000;

    private Epoch epoch;
    private NodeId? target;
    private long since;

    public void Begin(NodeId? to, Epoch own, RoleRecord record, IReadOnlyDictionary<NodeId, PeerProgress> peers)
    {
        var chosen = peers.Values
            .Where(peer => record.Contains(peer.Member.Node) && peer.IsMatched && !peer.IsLost && (to is null || peer.Member.Node == to))
            .MaxBy(peer => peer.Durable);
        if (chosen is null)
        {
            core.Refuse(to is null ? "no other member is in sync: there is nobody to hand over to" : $"node {to} is not in sync: it cannot take over");
            core.Emit(new WritesPaused(false));
            return;
        }

        epoch = own;
        target = chosen.Member.Node;
        since = core.Now;
        core.Emit(new WritesPaused(true));
    }

    public void Tick(IEnumerable<PeerProgress> peers, ulong commit)
    {
        if (target is not { } to)
        {
            return;
        }

        if (core.Now - since > PatienceMs)
        {
            target = null;
            core.Refuse($"node {to} did not take over within {PatienceMs} ms; this node goes on");
            core.Emit(new WritesPaused(false));
            return;
        }

        if (commit == core.Log.End && peers.Any(peer => peer.Member.Node == to && peer.Durable == core.Log.End))
        {
            core.Emit(new Send(to, new TakeOver(epoch)));
        }
    }
}
