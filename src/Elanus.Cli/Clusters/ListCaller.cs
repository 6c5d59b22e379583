using Elanus.Primitives;
using Elanus.Roles;
using Elanus.Rpc;
using Elanus.Rpc.Client;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Elanus.Cli;

/// <summary>
/// Calls over a list of nodes, as a client would make them: to the node that answered last; after a while without an answer also to the next one, and where one fails at once
/// to the next one, always under one request id, until one answers. One call at a time.
/// </summary>
internal sealed class ListCaller(IReadOnlyList<RpcChannel> nodes, IRandomSource random, TimeProvider time)
{
    /// <summary>An attempt without an answer for so long is no longer the only one.</summary>
    private static readonly TimeSpan Hedge = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan TryAgain = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan AttemptMax = TimeSpan.FromSeconds(12);

    private static readonly ServiceDescriptor Service = Elanus.Milvus.CallRoutes.Service;

    private int at;

    /// <summary>Attempts that a node took and that ended with an error, or with no answer at all.</summary>
    public int FailedAttempts { get; private set; }

    /// <summary>The last error.</summary>
    public string LastFailure { get; private set; } = "";

    /// <summary>Asks until a node gives an answer that is accepted.</summary>
    /// <param name="method">Of the Milvus service.</param>
    /// <param name="request">The same for every attempt.</param>
    /// <param name="refusal">Why an answer is not one; null where it is.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<TReply> Ask<TRequest, TReply>(string method, TRequest request, Func<TReply, string?> refusal, CancellationToken stop)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        var called = new RpcMethod<TRequest, TReply>(Service, method);
        var options = new RpcCallOptions
        {
            Timeout = AttemptMax,
            Headers = new RpcMetadata().Add(RequestIdentity.Header, new RequestId(random.NextUInt64(), random.NextUInt64()).ToString()),
        };
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var attempts = new Dictionary<Task<(RpcResult<TReply> Result, bool NeverSent)>, int>();
        try
        {
            while (true)
            {
                if (Enumerable.Range(0, nodes.Count).Select(next => (at + next) % nodes.Count).Where(node => !attempts.ContainsValue(node)).Take(1).ToList() is [var free])
                {
                    attempts.Add(Attempt(free), free);
                }

                using var hedge = CancellationTokenSource.CreateLinkedTokenSource(answered.Token);
                var first = await Task.WhenAny([.. attempts.Keys, Task.Delay(Hedge, time, hedge.Token)]);
                await hedge.CancelAsync();
                stop.ThrowIfCancellationRequested();
                if (first is not Task<(RpcResult<TReply> Result, bool NeverSent)> done || !attempts.Remove(done, out var node))
                {
                    continue;
                }

                var (answer, neverSent) = await done;
                if (answer.TryGet(out var reply, out var status) && refusal(reply) is not { } why)
                {
                    at = node;
                    return reply;
                }

                if (!neverSent)
                {
                    // A port that nobody listens on is no failed request: the list is there for that.
                    FailedAttempts++;
                    LastFailure = answer.TryGet(out reply, out status) ? refusal(reply)! : $"{status.Code}: {status.Message}";
                }

                at = node + 1;
                if (attempts.Count == 0)
                {
                    await Task.Delay(TryAgain, time, stop);
                }
            }
        }
        finally
        {
            await answered.CancelAsync();
            await Task.WhenAll(attempts.Keys);
        }

        async Task<(RpcResult<TReply> Result, bool NeverSent)> Attempt(int node)
        {
            try
            {
                using var answer = await nodes[node].CallRaw(called, RpcPayload.Of(request), options, answered.Token);
                return answer.Status.IsOk ? ((TReply)called.Descriptor.OutputType.Parser.ParseFrom(answer.Message.Span), false) : (answer.Status, answer.NeverSent);
            }
            catch (Exception broken) when (answered.IsCancellationRequested && broken is OperationCanceledException or HttpRequestException or IOException)
            {
                return (new RpcStatus(RpcStatusCode.Cancelled, "another node answered"), true);
            }
        }
    }
}
