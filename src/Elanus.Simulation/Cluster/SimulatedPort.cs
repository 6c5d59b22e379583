using Elanus.Coordination;
using Elanus.Replication;

namespace Elanus.Simulation;

/// <summary>One process's way to the others.</summary>
internal sealed class SimulatedPort(SimulatedNetwork network, SimulatedProcess process, string machine, NodeId node) : IPeerNetwork
{
    private readonly Dictionary<NodeId, Member> known = [];
    private readonly Dictionary<SimulatedPort, Queue<PeerMessage>> ways = [];

    public SimulatedProcess Process => process;

    public string Machine => machine;

    public NodeId Node => node;

    public IPeerSink? Sink { get; private set; }

    /// <summary>When the last message from here arrives.</summary>
    public long LastDue { get; set; }

    public void Open(IPeerSink sink) => Sink = sink;

    public void Know(Member member) => known[member.Node] = member;

    public ValueTask<bool> SendAsync(NodeId to, PeerMessage message, CancellationToken cancel) =>
        new(known.TryGetValue(to, out var member) && network.Send(this, member, message));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal Queue<PeerMessage> WayTo(SimulatedPort other)
    {
        if (!ways.TryGetValue(other, out var way))
        {
            ways[other] = way = new();
        }

        return way;
    }
}
