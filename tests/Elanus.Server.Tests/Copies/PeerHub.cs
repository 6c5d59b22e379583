using System.Collections.Concurrent;
using Elanus.Coordination;
using Elanus.Primitives;
using Elanus.Replication;

namespace Elanus.Server.Tests;

/// <summary>A network within the process: what is sent arrives at once, unless a test drops it.</summary>
internal sealed class PeerHub
{
    private readonly ConcurrentDictionary<NodeId, IPeerSink> nodes = new();

    /// <summary>Says of a message, by the name of its kind and its receiver, whether it is lost.</summary>
    public Func<NodeId, string, bool> Loses { get; set; } = (_, _) => false;

    /// <summary>Which of an offer's files were pulled.</summary>
    public ConcurrentDictionary<string, bool> Pulled { get; } = new();

    public IPeerNetwork Of(NodeId node) => new Way(this, node);

    private sealed class Way(PeerHub hub, NodeId self) : IPeerNetwork
    {
        private readonly ConcurrentDictionary<NodeId, bool> known = new();
        private IPeerSink? opened;

        public void Open(IPeerSink sink) => hub.nodes[self] = opened = sink;

        public void Know(Member member) => known[member.Node] = true;

        public ValueTask<bool> SendAsync(NodeId to, PeerMessage message, CancellationToken cancel)
        {
            var kind = message.GetType().Name;
            if (!known.ContainsKey(to) || !hub.nodes.TryGetValue(to, out var sink) || hub.Loses(to, kind))
            {
                return new(false);
            }

            if (kind == "CopyPull")
            {
                hub.Pulled[message.ToString().Split(',').First(part => part.Contains("File =", StringComparison.Ordinal))] = true;
            }

            sink.Received(self, message);
            return new(true);
        }

        public ValueTask DisposeAsync()
        {
            if (opened is not null)
            {
                hub.nodes.TryRemove(new(self, opened));
                foreach (var other in hub.nodes.Values)
                {
                    other.Lost(self);
                }
            }

            return ValueTask.CompletedTask;
        }
    }
}
