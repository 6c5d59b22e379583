using Elanus.Coordination;
using Elanus.Primitives;
using Elanus.Rpc.Client;

namespace Elanus.Replication.Tests;

public sealed class PeerNetworkTests
{
    [Fact]
    public async Task Who_is_known_under_this_nodes_own_address_is_not_called()
    {
        var called = new List<string>();
        await using var network = new RpcPeerNetwork(
            new("kites", new(1), "token"),
            "127.0.0.1:1",
            new(1),
            address =>
            {
                called.Add(address);
                return new RpcChannel(new($"http://{address}"), new());
            },
            TimeProvider.System,
            _ => { });
        network.Open(new Nobody());

        // This node's id before it gave that up with what was damaged.
        network.Know(new(new(2), "127.0.0.1:1"));
        Assert.Empty(called);
        network.Know(new(new(3), "127.0.0.1:2"));
        Assert.Equal(["127.0.0.1:2"], called);
    }

    private sealed class Nobody : IPeerSink
    {
        public int Format => 1;

        public void Received(NodeId from, PeerMessage message)
        {
        }

        public void Reads(NodeId from, int newestFormat)
        {
        }

        public void Says(string sentence)
        {
        }

        public void Lost(NodeId node)
        {
        }

        public void Ended(Epoch epoch)
        {
        }
    }
}
