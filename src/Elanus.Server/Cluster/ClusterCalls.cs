using Elanus.Replication;
using Elanus.Rpc;
using Elanus.Rpc.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Elanus.Server;

/// <summary>
/// What answers on the client port of a member: other nodes' messages and questions about this node here; what clients ask of Milvus here while it is active, and at the active
/// otherwise. A backup is a stream as long as the data: it is taken of the active itself, and refused elsewhere.
/// </summary>
internal sealed class ClusterCalls
{
    private static readonly TimeSpan LastAnswersMax = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(1);

    /// <summary>Questions of operators have a few words. Looking is open to everybody, so no more is read.</summary>
    private const int QuestionBytesMax = 64 << 10;

    private readonly RpcHttpEndpoint peers;
    private readonly RpcHttpEndpoint operations;
    private readonly RequestDelegate elsewhere;
    private readonly RequestDelegate here;
    private readonly RequestDelegate refuse;
    private volatile bool answers;
    private readonly TimeProvider time;
    private Round begun = new();
    private int inside;
    private int answering;

    /// <param name="peers">Takes other nodes' messages.</param>
    /// <param name="admits">Says of a call to it, before it is read, whether it comes from another node.</param>
    /// <param name="operations">Answers operators.</param>
    /// <param name="here">Answers clients from this node's roles.</param>
    /// <param name="elsewhere">Answers clients while this node is not active.</param>
    /// <param name="refuse">Refuses what only the active answers, and says where it is.</param>
    public ClusterCalls(
        RpcService peers, Func<RpcContext, RpcStatus> admits, RpcService operations, RequestDelegate here, RequestDelegate elsewhere, RequestDelegate refuse, TimeProvider time, ILoggerFactory logging)
    {
        this.here = here;
        this.elsewhere = elsewhere;
        this.refuse = refuse;
        this.time = time;
        var log = logging.CreateLogger("Elanus.Rpc");
        this.peers = new(new RpcServer([peers], call => new(admits(call))), new() { ReceiveBytesMax = int.MaxValue, SendBytesMax = int.MaxValue }, time, log);
        this.operations = new(new RpcServer([operations], _ => new(RpcStatus.Ok)), new() { ReceiveBytesMax = QuestionBytesMax, SendBytesMax = int.MaxValue }, time, log);
    }

    /// <summary>Calls of clients that are being answered, passed on or held here now.</summary>
    public int InProgress => Volatile.Read(ref inside);

    /// <summary>From now on clients' calls are answered here.</summary>
    public void Answer() => answers = true;

    /// <summary>From now on clients' calls are passed on, or held.</summary>
    public void PassOn() => answers = false;

    /// <summary>As <see cref="PassOn"/>; completes when the calls that are being answered here have ended, but soon: what takes longer needs the log no more, or is asked for again.</summary>
    public async Task PassOnBehindOthers()
    {
        PassOn();
        var started = time.GetTimestamp();
        while (Volatile.Read(ref answering) > 0 && time.GetElapsedTime(started) < LastAnswersMax)
        {
            await Task.Delay(LookAgain, time);
        }
    }

    public async Task Serve(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "";
        if (IsOf(path, RpcPeerNetwork.ServiceName) || IsOf(path, NodeOperations.ServiceName))
        {
            await (IsOf(path, NodeOperations.ServiceName) ? operations : peers).Serve(http);
            return;
        }

        var round = Volatile.Read(ref begun);
        Interlocked.Increment(ref inside);
        Interlocked.Increment(ref round.Calls);
        try
        {
            await (IsForActive(path) ? AnswerOrPassOn(http)
                : IsBackup(path) && !answers ? refuse(http)
                : here(http));
        }
        finally
        {
            Interlocked.Decrement(ref round.Calls);
            Interlocked.Decrement(ref inside);
        }
    }

    /// <summary>Waits until the calls have ended that clients began before: those that come meanwhile, and are passed on, never let a busy node go.</summary>
    public async Task EndOfEarlier(CancellationToken patience)
    {
        var earlier = Interlocked.Exchange(ref begun, new());
        while (Volatile.Read(ref earlier.Calls) > 0 && !patience.IsCancellationRequested)
        {
            await Task.Delay(LookAgain, time, CancellationToken.None);
        }
    }

    private async Task AnswerOrPassOn(HttpContext http)
    {
        // Counted before it is asked whether this node answers: who waits for the last of them misses none.
        Interlocked.Increment(ref answering);
        var isHere = answers;
        try
        {
            if (isHere)
            {
                await here(http);
            }
        }
        finally
        {
            Interlocked.Decrement(ref answering);
        }

        if (!isHere)
        {
            await elsewhere(http);
        }
    }

    /// <summary>What only the active answers, so that it is passed on, or held.</summary>
    public static bool IsForActive(string path) =>
        (path.StartsWith("/milvus.proto.milvus.MilvusService/", StringComparison.Ordinal) || path.StartsWith("/v2/", StringComparison.Ordinal)) && !IsAboutThisNode(path);

    /// <summary>What Milvus's tools ask each node about itself.</summary>
    private static bool IsAboutThisNode(string path) => path is "/milvus.proto.milvus.MilvusService/GetComponentStates" or "/milvus.proto.milvus.MilvusService/CheckHealth";

    private static bool IsBackup(string path) => IsOf(path, BackupService.Name);

    private static bool IsOf(string path, string service) => path.StartsWith($"/{service}/", StringComparison.Ordinal);

    /// <summary>Clients' calls that began between two looks for their end.</summary>
    private sealed class Round
    {
        public int Calls;
    }
}
