using System.Text.Json;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;

namespace Elanus.Milvus;

/// <summary>Calls about the server itself.</summary>
public sealed class ServerCalls(Proxy proxy, ServerIdentity server, Func<ServerHealth> health) : ICallGroup
{
    private const string SystemInfo = "system_info";

    public void Route(CallRoutes routes) => routes
        .Add<ConnectRequest, ConnectResponse>("Connect", Connect)
        .Add<GetVersionRequest, GetVersionResponse>("GetVersion", Version)
        .Add<CheckHealthRequest, CheckHealthResponse>("CheckHealth", Health)
        .Add<GetComponentStatesRequest, ComponentStates>("GetComponentStates", States)
        .Add<AllocTimestampRequest, AllocTimestampResponse>("AllocTimestamp", Timestamp)
        .Add<GetMetricsRequest, GetMetricsResponse>("GetMetrics", Metrics)
        .Add<DummyRequest, DummyResponse>("Dummy", Dummy);

    /// <summary>The identifier names the connection in logs; calls without one are served alike.</summary>
    public ConnectResponse Connect(ConnectRequest request, CallScope scope) => new()
    {
        Status = Statuses.Ok(),
        Identifier = (long)proxy.Context.Clock.Next().Value,
        ServerInfo = new()
        {
            BuildTags = $"elanus-{server.Version}",
            DeployMode = server.DeployMode,
            Reserved = { ["milvus"] = ServerIdentity.InterfaceVersion },
        },
    };

    public static GetVersionResponse Version(GetVersionRequest request, CallScope scope) =>
        new() { Status = Statuses.Ok(), Version = ServerIdentity.InterfaceVersion };

    public CheckHealthResponse Health(CheckHealthRequest request, CallScope scope)
    {
        var now = health();
        return new()
        {
            Status = Statuses.Ok(),
            IsHealthy = now.IsHealthy,
            Reasons = { now.Reasons },
            QuotaStates = { now.DeniesWrites ? [QuotaState.DenyToWrite] : Array.Empty<QuotaState>() },
        };
    }

    public ComponentStates States(GetComponentStatesRequest request, CallScope scope)
    {
        var now = health();
        return new()
        {
            Status = Statuses.Ok(),
            State = new()
            {
                NodeID = server.ProtocolNodeId,
                Role = "proxy",
                StateCode = !now.IsHealthy ? StateCode.Abnormal : now.IsStandby ? StateCode.StandBy : StateCode.Healthy,
            },
        };
    }

    public AllocTimestampResponse Timestamp(AllocTimestampRequest request, CallScope scope) =>
        new() { Status = Statuses.Ok(), Timestamp = proxy.Context.Clock.Next().Value };

    public GetMetricsResponse Metrics(GetMetricsRequest request, CallScope scope)
    {
        if (!MetricType(request.Request).TryGet(out var type, out var failure))
        {
            return new() { Status = Statuses.Of(failure) };
        }

        return type == SystemInfo
            ? new() { Status = Statuses.Ok(), Response = SystemInformation.Json(server, health()), ComponentName = SystemInformation.NodeName(server) }
            : new() { Status = Statuses.Of(Failure.Of(FailureCode.MetricNotFound, ("metric", type))) };
    }

    /// <summary>A probe whose reply has no status; its JSON says that nothing was done.</summary>
    public static DummyResponse Dummy(DummyRequest request, CallScope scope) => new() { Response = """{"status": "fail"}""" };

    private static Result<string> MetricType(string request)
    {
        try
        {
            using var document = WholeJson.Parse(request);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("metric_type", out var type)
                && type.ValueKind == JsonValueKind.String
                ? type.GetString()!
                : Failure.Invalid("metric_type not found in request");
        }
        catch (JsonException broken)
        {
            return Failure.Invalid($"the request for metrics is not valid JSON: {broken.Message}");
        }
    }
}
