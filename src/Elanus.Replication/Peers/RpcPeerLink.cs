using Elanus.Replication.Protocol;
using Elanus.Rpc;
using Elanus.Rpc.Client;

namespace Elanus.Replication;

/// <summary>
/// The stream to one node. One task connects, watches and connects again; senders find the stream that stands, or none. Any thread may send.
/// </summary>
internal sealed class RpcPeerLink(Member member, PeerCredentials credentials, Func<string, RpcChannel> dial, TimeProvider time, IPeerSink sink, Action<string> complain)
    : IAsyncDisposable
{
    private static readonly RpcMethod<PeerFrame, LinkEnd> Link = new(PeersReflection.Descriptor.Services.Single(), "Link");

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a node is not reached before that is said: one that is started again is away for less. A stream that lasted so long had come about.</summary>
    private static readonly TimeSpan SaidAfter = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan SaidAgain = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private readonly AsyncGate writing = new();
    private CancellationTokenSource? life;
    private Task running = Task.CompletedTask;
    private RpcExchange<PeerFrame, LinkEnd>? stream;
    private string refusal = "";
    private long? unreachedSince;
    private long? unreachedSaid;

    public Member Member => member;

    public bool IsConnected => Volatile.Read(ref stream) is not null;

    public void Start(CancellationToken stop)
    {
        lock (gate)
        {
            if (life is null)
            {
                life = CancellationTokenSource.CreateLinkedTokenSource(stop);
                running = Run(life.Token);
            }
        }
    }

    public async ValueTask<bool> SendAsync(PeerMessage message, CancellationToken cancel)
    {
        var target = Volatile.Read(ref stream);
        if (target is null)
        {
            return false;
        }

        await writing.EnterAsync(cancel);
        try
        {
            return await target.Write(PeerFrames.Of(message), cancel);
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or ObjectDisposedException || (broken is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return false;
        }
        finally
        {
            writing.Leave();
        }
    }

    /// <summary>The other side closed a stream of its own: is anybody there still?</summary>
    public Task Probe() => life is { } living ? ProbeAsync(living.Token) : Task.CompletedTask;

    /// <summary>Ends the link without waiting for it; its task ends by itself.</summary>
    public void Abandon() => life?.Cancel();

    public async ValueTask DisposeAsync()
    {
        Abandon();
        await running;
        life?.Dispose();
    }

    private async Task ProbeAsync(CancellationToken stop)
    {
        if (await PortProbe.IsRefused(member.Address, LongestWait, time, stop))
        {
            sink.Lost(member.Node);
        }
    }

    private async Task Run(CancellationToken stop)
    {
        var (wait, pause) = (FirstWait, TimeSpan.Zero);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(pause, time, stop);
                pause = TimeSpan.Zero;
                using var channel = dial(member.Address);
                await using var opened = channel.Open(Link, new() { Headers = credentials.Shown(time.GetUtcNow(), member.Node) }, stop);
                Volatile.Write(ref stream, opened);
                var started = time.GetTimestamp();
                await opened.Read(stop);
                Volatile.Write(ref stream, null);
                Judge(opened.Status, started);
                await ProbeAsync(stop);
                wait = time.GetElapsedTime(started) > LongestWait ? FirstWait : TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, LongestWait.Ticks));
                await Task.Delay(wait, time, stop);
            }
            catch (Exception ended) when (ended is OperationCanceledException or IOException or HttpRequestException or RpcException)
            {
                Volatile.Write(ref stream, null);
            }
            catch (Exception fault)
            {
                // Nobody else would notice: without its stream the node hears nothing from this one.
                Volatile.Write(ref stream, null);
                complain($"the stream to the node at {member.Address} broke, and is opened again: {fault}");
                pause = LongestWait;
            }
        }
    }

    private void Judge(RpcStatus status, long started)
    {
        if (status.Code != RpcStatusCode.Unavailable || time.GetElapsedTime(started) > SaidAfter)
        {
            (unreachedSince, unreachedSaid) = (null, null);
        }
        else if (unreachedSince is not { } since)
        {
            unreachedSince = started;
        }
        else if (time.GetElapsedTime(since) > SaidAfter && (unreachedSaid is not { } said || time.GetElapsedTime(said) > SaidAgain))
        {
            // A certificate that this node does not trust, a name that means nothing, a port that is shut.
            unreachedSaid = time.GetTimestamp();
            complain($"the node at {member.Address} is not reached: {status.Message}");
        }

        if (status.Code is RpcStatusCode.Unauthenticated or RpcStatusCode.PermissionDenied or RpcStatusCode.FailedPrecondition && status.Message != refusal)
        {
            refusal = status.Message ?? "";
            complain($"the node at {member.Address} refuses this one: {status.Message}");
        }
    }
}
