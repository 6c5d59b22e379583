using System.CommandLine;
using Elanus.Primitives;
using Elanus.Rpc;
using Elanus.Rpc.Client;
using Elanus.Server.Operations.Protocol;
using Google.Protobuf;

namespace Elanus.Cli;

/// <summary>The node that a command asks: <c>--address</c>, a node's client port.</summary>
internal sealed class NodeAddress
{
    private static readonly RpcMethod<StatusRequest, NodeStatus> StatusMethod = new(NodeReflection.Descriptor.Services.Single(), "Status");

    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(15);

    private readonly Option<string> address = new("--address")
    {
        HelpName = "HOST:PORT",
        Description = "The client port of the node that is asked. Default: 127.0.0.1:19530.",
        DefaultValueFactory = _ => "127.0.0.1:19530",
    };

    public void AddTo(Command command) => command.Add(address);

    public string Of(ParseResult parsed) => parsed.GetValue(address)!;

    /// <summary>Asks the node to do something, with the cluster's token. A failure says why no answer came.</summary>
    public async Task<Result<OperationOutcome>> Ask<TRequest>(ParseResult parsed, string method, TRequest request, string token, CancellationToken cancel)
        where TRequest : class, IMessage<TRequest>
    {
        var target = Of(parsed);
        if (!Uri.TryCreate($"http://{target}", UriKind.Absolute, out var uri))
        {
            return Failure.Invalid($"--address: '{target}' is not HOST:PORT");
        }

        using var channel = new RpcChannel(uri, new() { ConnectTimeout = AskTimeout });
        var called = new RpcMethod<TRequest, OperationOutcome>(NodeReflection.Descriptor.Services.Single(), method);
        var answer = await channel.Call(called, request, new() { Timeout = AskTimeout, Headers = new RpcMetadata().Add("elanus-token", token) }, cancel);
        return answer.TryGet(out var outcome, out var why) ? outcome : new Failure(FailureCode.Unavailable, $"{target} did not answer: {why.Message}");
    }

    /// <summary>How the node is. A failure names its address and why it gave no answer.</summary>
    public async Task<Result<NodeStatus>> Status(ParseResult parsed, TimeSpan timeout, CancellationToken cancel)
    {
        var target = Of(parsed);
        if (!Uri.TryCreate($"http://{target}", UriKind.Absolute, out var uri))
        {
            return Failure.Invalid($"--address: '{target}' is not HOST:PORT");
        }

        using var channel = new RpcChannel(uri, new() { ConnectTimeout = timeout });
        var answer = await channel.Call(StatusMethod, new(), new() { Timeout = timeout }, cancel);
        return answer.TryGet(out var status, out var why)
            ? status
            : new Failure(FailureCode.Unavailable, $"{target} gave no answer: {why.Message}");
    }
}
