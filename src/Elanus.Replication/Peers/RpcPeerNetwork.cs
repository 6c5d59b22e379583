using System.Collections.Concurrent;
using Elanus.Replication.Protocol;
using Elanus.Rpc;
using Elanus.Rpc.Client;

namespace Elanus.Replication;

/// <summary>
/// Peers over RPC: one stream from each node to each other one, on their client ports. Connections are made when an address is known, and made
/// again while they fail. Whoever is known under this node's own address is what it was before it gave up its id, and is not called. Any thread.
/// </summary>
public sealed class RpcPeerNetwork(PeerCredentials credentials, string ownAddress, ChannelId channel, Func<string, RpcChannel> dial, TimeProvider time, Action<string> complain) : IPeerNetwork
{
    private static readonly RpcMethod<EndedEpoch, LinkEnd> EpochEndedMethod = new(PeersReflection.Descriptor.Services.Single(), "EpochEnded");

    private readonly ConcurrentDictionary<NodeId, RpcPeerLink> links = new();
    private readonly CancellationTokenSource stop = new();
    private readonly PeerClocks clocks = new(credentials.Node, time);
    private IPeerSink? sink;

    public static string ServiceName => PeersReflection.Descriptor.Services.Single().FullName;

    /// <summary>Tells one node that the process of an epoch has ended; false where it was not reached.</summary>
    public static async Task<bool> TellEpochEnded(RpcChannel node, PeerCredentials credentials, Epoch epoch, TimeProvider time, CancellationToken cancel) =>
        (await node.Call(EpochEndedMethod, new() { Epoch = PeerFrames.Id(epoch) }, new() { Headers = credentials.Shown(time.GetUtcNow()) }, cancel)).TryGet(out _, out _);

    /// <summary>Whether a stream to that node stands.</summary>
    public bool IsConnected(NodeId node) => links.TryGetValue(node, out var link) && link.IsConnected;

    public void Open(IPeerSink sink) => this.sink = sink;

    public void Know(Member member)
    {
        if (member.Node == credentials.Node || member.Address == ownAddress || stop.IsCancellationRequested)
        {
            return;
        }

        var sink = this.sink ?? throw new InvalidOperationException("the network was not opened");
        var link = links.AddOrUpdate(
            member.Node,
            _ => new(member, credentials, dial, time, sink, complain),
            (_, old) => old.Member == member ? old : Moved(old));
        link.Start(stop.Token);

        RpcPeerLink Moved(RpcPeerLink old)
        {
            old.Abandon();
            return new(member, credentials, dial, time, sink, complain);
        }
    }

    public ValueTask<bool> SendAsync(NodeId to, PeerMessage message, CancellationToken cancel) =>
        links.TryGetValue(to, out var link) ? link.SendAsync(message, cancel) : new(false);

    /// <summary>The service that takes other nodes' streams.</summary>
    /// <summary>Whether a call to <see cref="Service"/> comes from another node of this cluster: asked before any of it is read.</summary>
    public RpcStatus Admits(RpcContext call) => credentials.Judge(call.Header, sink?.Format ?? 0, out _, out _);

    public RpcService Service() => new RpcServiceBuilder(PeersReflection.Descriptor.Services.Single())
        .ClientStreaming<PeerFrame, LinkEnd>("Link", Take)
        .Unary<EndedEpoch, LinkEnd>("EpochEnded", (request, call) =>
        {
            var judged = credentials.Judge(call.Header, sink?.Format ?? 0, out _, out _);
            if (!judged.IsOk || sink is null)
            {
                return new(judged.IsOk ? new RpcStatus(RpcStatusCode.Unavailable, "this node is starting") : judged);
            }

            if (request.Epoch is not null)
            {
                sink.Ended(PeerFrames.Read(request.Epoch));
            }

            return new(new LinkEnd());
        })
        .Build();

    public async ValueTask DisposeAsync()
    {
        stop.Cancel();
        foreach (var link in links.Values)
        {
            await link.DisposeAsync();
        }

        stop.Dispose();
    }

    private async ValueTask<RpcResult<LinkEnd>> Take(RpcReader<PeerFrame> frames, RpcContext call)
    {
        var judged = credentials.Judge(call.Header, sink?.Format ?? 0, out var from, out var newestFormat);
        if (!judged.IsOk || sink is null)
        {
            return judged.IsOk ? new RpcStatus(RpcStatusCode.Unavailable, "this node is starting") : judged;
        }

        sink.Reads(from, newestFormat);
        if (clocks.Judge(from, call.Header(PeerCredentials.ClockHeader)) is { } apart)
        {
            sink.Says(apart);
        }

        try
        {
            while (await frames.Read() is { } frame)
            {
                if (!PeerFrames.Read(frame, channel).TryGet(out var message, out var wrong))
                {
                    return new RpcStatus(RpcStatusCode.InvalidArgument, wrong.Sentence);
                }

                sink.Received(from, message);
            }

            return new LinkEnd();
        }
        finally
        {
            // Their end of this stream closed: whether their process lives shows when ours to them is tried.
            if (links.TryGetValue(from, out var link))
            {
                await link.Probe();
            }
        }
    }
}
