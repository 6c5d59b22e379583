using System.CommandLine;
using Elanus.Primitives;
using Elanus.Rpc;
using Elanus.Rpc.Client;
using Elanus.Rpc.Hosting;
using Elanus.Server;
using Elanus.Server.Operations.Protocol;
using Google.Protobuf;

namespace Elanus.Cli;

/// <summary>
/// The node that a command asks: <c>--address</c>, a node's client port, and how it is called there. Over TLS where a flag says so, or the configuration
/// that the command finds, as the nodes themselves do.
/// </summary>
internal sealed class NodeAddress(IFileSystem files)
{
    private static readonly RpcMethod<StatusRequest, NodeStatus> StatusMethod = new(NodeReflection.Descriptor.Services.Single(), "Status");

    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(15);

    private readonly Option<string> address = new("--address")
    {
        HelpName = "HOST:PORT",
        Description = "The client port of the node that is asked. Default: 127.0.0.1:19530.",
        DefaultValueFactory = _ => "127.0.0.1:19530",
    };

    private readonly Option<bool> tls = new("--tls") { Description = "Call over TLS. Default: as elanus.yaml or the environment says (common.security.tlsMode)." };
    private readonly Option<string?> authority = new("--ca") { HelpName = "FILE", Description = "The authority of the node's certificate (PEM). Default: as configured, else what this machine trusts." };
    private readonly Option<string?> certificate = new("--cert") { HelpName = "FILE", Description = "The certificate to show (PEM), where nodes ask for one; needs --key." };
    private readonly Option<string?> key = new("--key") { HelpName = "FILE", Description = "Its private key (PEM)." };

    public void AddTo(Command command)
    {
        command.Add(address);
        AddTlsTo(command);
    }

    /// <summary>For a command with an address option of its own.</summary>
    public void AddTlsTo(Command command)
    {
        command.Add(tls);
        command.Add(authority);
        command.Add(certificate);
        command.Add(key);
    }

    public string Of(ParseResult parsed) => parsed.GetValue(address)!;

    /// <summary>A way to the node; the caller's to dispose. A failure names the flag, the file or the setting.</summary>
    public async Task<Result<RpcChannel>> Dial(ParseResult parsed, string target, TimeSpan patience, CancellationToken cancel)
    {
        if (!Uri.TryCreate($"http://{target}", UriKind.Absolute, out _))
        {
            return NoAddress(target);
        }

        return (await Way(parsed, cancel)).TryGet(out var way, out var failure) ? way.Dial(target, patience) : failure;
    }

    /// <summary>Asks the node to do something, with the cluster's token. A failure says why no answer came.</summary>
    public async Task<Result<OperationOutcome>> Ask<TRequest>(ParseResult parsed, string method, TRequest request, string token, CancellationToken cancel)
        where TRequest : class, IMessage<TRequest>
    {
        var target = Of(parsed);
        if (!(await Dial(parsed, target, AskTimeout, cancel)).TryGet(out var channel, out var failure))
        {
            return failure;
        }

        using (channel)
        {
            var called = new RpcMethod<TRequest, OperationOutcome>(NodeReflection.Descriptor.Services.Single(), method);
            var answer = await channel.Call(called, request, new() { Timeout = AskTimeout, Headers = new RpcMetadata().Add("elanus-token", token) }, cancel);
            return answer.TryGet(out var outcome, out var why) ? outcome : new Failure(FailureCode.Unavailable, $"{target} did not answer: {Why(parsed, why)}");
        }
    }

    /// <summary>How the node is. A failure names its address and why it gave no answer.</summary>
    public async Task<Result<NodeStatus>> Status(ParseResult parsed, TimeSpan timeout, CancellationToken cancel)
    {
        var target = Of(parsed);
        if (!(await Dial(parsed, target, timeout, cancel)).TryGet(out var channel, out var failure))
        {
            return failure;
        }

        using (channel)
        {
            var answer = await channel.Call(StatusMethod, new(), new() { Timeout = timeout }, cancel);
            return answer.TryGet(out var status, out var why)
                ? status
                : new Failure(FailureCode.Unavailable, $"{target} gave no answer: {Why(parsed, why)}");
        }
    }

    /// <summary>What the node says on its health page. A failure names its address and why it gave no answer.</summary>
    public async Task<Result<HealthLine>> Health(ParseResult parsed, TimeSpan timeout, CancellationToken cancel)
    {
        if (!HostAndPort.TryParse(Of(parsed), out var target))
        {
            return NoAddress(Of(parsed));
        }

        var way = NodeTls.None;
        if ((NamesTls(parsed) || await OperatorConfiguration.MaySayTls(files, cancel)) && !(await Way(parsed, cancel)).TryGet(out way, out var failure))
        {
            return failure;
        }

        return (await HealthQuestion.Ask(target, way.Trust, timeout, TimeProvider.System)).TryGet(out var line, out failure)
            ? line
            : new Failure(FailureCode.Unavailable, $"{target} gave no answer: {Why(parsed, failure.Sentence, failure.Sentence.Contains(HealthQuestion.NoWord, StringComparison.Ordinal))}");
    }

    private static Failure NoAddress(string target) => Failure.Invalid($"--address: '{target}' is not HOST:PORT");

    private bool NamesTls(ParseResult parsed) =>
        parsed.GetValue(tls) || parsed.GetValue(authority) is not null || parsed.GetValue(certificate) is not null || parsed.GetValue(key) is not null;

    private string Why(ParseResult parsed, RpcStatus status) => status.Message is { } said
        ? Why(parsed, said, said.Contains("HTTP/2 handshake", StringComparison.Ordinal))
        : status.Code.ToString();

    /// <summary>Who speaks plainly to a port that wants TLS, or shows no certificate where one is wanted, is told no more than that nobody spoke with him.</summary>
    private string Why(ParseResult parsed, string said, bool isUnheard) =>
        !isUnheard ? said
        : parsed.GetValue(certificate) is { } shown ? $"{said}; it may not trust {shown}"
        : parsed.GetValue(tls) || parsed.GetValue(authority) is not null ? $"{said}; it may ask for a certificate (--cert FILE --key FILE)"
        : $"{said}; it may want TLS (--tls, --ca FILE; --cert FILE --key FILE where it asks for a certificate)";

    private async Task<Result<NodeTls>> Way(ParseResult parsed, CancellationToken cancel)
    {
        var (own, shown, ownKey) = (parsed.GetValue(authority), parsed.GetValue(certificate), parsed.GetValue(key));
        if (own is null && shown is null && ownKey is null)
        {
            if (!(await OperatorConfiguration.Read(files, cancel)).TryGet(out var configuration, out var failure))
            {
                return failure;
            }

            if (configuration.Tls.Mode != TlsMode.None || !parsed.GetValue(tls))
            {
                return NodeTls.Of(configuration.Tls);
            }
        }

        return RpcClientTls.Load(own, shown, ownKey).TryGet(out var trust, out var wrong) ? new NodeTls("https", trust) : wrong;
    }
}
