using System.CommandLine;
using Elanus.Primitives;
using Elanus.Rpc;
using Elanus.Rpc.Client;
using Elanus.Server.Operations.Protocol;

namespace Elanus.Cli;

/// <summary>The node that a command asks: <c>--address</c>, a node's client port.</summary>
internal sealed class NodeAddress
{
    private static readonly RpcMethod<StatusRequest, NodeStatus> StatusMethod = new(NodeReflection.Descriptor.Services.Single(), "Status");

    private readonly Option<string> address = new("--address")
    {
        HelpName = "HOST:PORT",
        Description = "The client port of the node that is asked. Default: 127.0.0.1:19530.",
        DefaultValueFactory = _ => "127.0.0.1:19530",
    };

    public void AddTo(Command command) => command.Add(address);

    public string Of(ParseResult parsed) => parsed.GetValue(address)!;

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
