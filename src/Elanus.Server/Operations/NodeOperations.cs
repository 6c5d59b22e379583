using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Elanus.Coordination;
using Elanus.Primitives;
using Elanus.Rpc;
using Elanus.Rpc.Client;
using Elanus.Server.Operations.Protocol;

namespace Elanus.Server;

/// <summary>The service for operators and scripts, on the client port. Looking is open; what changes anything needs the cluster's token.</summary>
internal static class NodeOperations
{
    public const string TokenHeader = "elanus-token";

    private static readonly RpcStatus NoToken = new(RpcStatusCode.Unauthenticated, "the cluster's token is missing or another");

    public static readonly string ServiceName = NodeReflection.Descriptor.Services.Single().FullName;

    public static readonly RpcMethod<StatusRequest, NodeStatus> StatusMethod = new(NodeReflection.Descriptor.Services.Single(), "Status");

    /// <param name="status">How the node is.</param>
    /// <param name="operations">What may be asked of it; null where it is alone.</param>
    /// <param name="token">The cluster's token; empty where the node is alone.</param>
    /// <param name="race">Enters a race in the shared directory; null where there is none.</param>
    public static RpcService Service(Func<NodeStatus> status, IClusterOperations? operations = null, string token = "", Func<string, Task<Result<MountRaceEntry>>>? race = null) => new RpcServiceBuilder(NodeReflection.Descriptor.Services.Single())
        .Unary<StatusRequest, NodeStatus>("Status", (_, _) => new(RpcResult<NodeStatus>.Ok(status())))
        .Unary<SwitchoverRequest, OperationOutcome>("Switchover", (request, call) => Ask(call, operations, token, o => Named(request.To, to => o.Switchover(to, call.Cancellation))))
        .Unary<PromoteRequest, OperationOutcome>("Promote", (_, call) => Ask(call, operations, token, o => o.Promote(call.Cancellation)))
        .Unary<RemoveMemberRequest, OperationOutcome>("RemoveMember", (request, call) => Ask(
            call, operations, token, o => Named(request.Node, node => node is { } known ? o.Remove(known, request.Force, call.Cancellation) : Task.FromResult(Refused("no node was named")))))
        .Unary<RaceRequest, RaceEntry>("EnterRace", (request, call) => Race(request, call, token, race))
        .Unary<AddMemberRequest, OperationOutcome>("AddMember", (request, call) => Ask(
            call, operations, token, o => Named(request.Node, node => node is { } known ? o.Add(known, call.Cancellation) : Task.FromResult(Refused("no node was named")))))
        .Build();

    private static async ValueTask<RpcResult<RaceEntry>> Race(RaceRequest request, RpcContext call, string token, Func<string, Task<Result<MountRaceEntry>>>? race) =>
        race is null ? new RpcStatus(RpcStatusCode.FailedPrecondition, "this node's arbiter is no shared directory")
        : !ShowsToken(call, token) ? NoToken
        : (await race(request.Race)).TryGet(out var entry, out var failure) ? new RaceEntry { Node = entry.Node.Value, Won = entry.Won, Seen = entry.Seen }
        : new RpcStatus(RpcStatusCode.Unavailable, failure.Sentence);

    private static bool ShowsToken(RpcContext call, string token) =>
        call.Header(TokenHeader) is { } shown && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), Encoding.UTF8.GetBytes(token));

    private static async ValueTask<RpcResult<OperationOutcome>> Ask(RpcContext call, IClusterOperations? operations, string token, Func<IClusterOperations, Task<OperationOutcome>> ask)
    {
        if (operations is null)
        {
            return Refused("this node is alone: it belongs to no cluster");
        }

        return ShowsToken(call, token) ? await ask(operations) : NoToken;
    }

    private static Task<OperationOutcome> Named(string node, Func<NodeId?, Task<OperationOutcome>> ask) =>
        node.Length == 0 ? ask(null)
        : ulong.TryParse(node, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var id) ? ask(new NodeId(id))
        : Task.FromResult(Refused($"'{node}' is no node's id; `elanus status` shows them"));

    private static OperationOutcome Refused(string why) => new() { Done = false, Sentence = why };
}
