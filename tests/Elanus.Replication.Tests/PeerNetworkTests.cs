using Elanus.Coordination;
using Elanus.Primitives;
using Elanus.Rpc;
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

    [Fact]
    public void A_node_that_another_one_is_looked_for_at_says_so()
    {
        var shown = new PeerCredentials("kites", new(2), "token").Shown(DateTimeOffset.UnixEpoch, new NodeId(3));
        string? Header(string name) => shown.Get(name);
        Assert.True(new PeerCredentials("kites", new(3), "token").Judge(Header, written: 1, out _, out _).IsOk);

        var refused = new PeerCredentials("kites", new(4), "token").Judge(Header, written: 1, out _, out _);
        Assert.Equal(RpcStatusCode.FailedPrecondition, refused.Code);
        Assert.Contains($"it is node {new NodeId(4)}, and not node {new NodeId(3)}", refused.Message, StringComparison.Ordinal);
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
