using Elanus.Rpc.Health.Protocol;
using Status = Elanus.Rpc.Health.Protocol.HealthCheckResponse.Types.ServingStatus;

namespace Elanus.Rpc.Health;

/// <summary>
/// The standard health service, grpc.health.v1. The empty name stands for the whole server, which does not serve until it is said to. Any thread.
/// </summary>
public sealed class RpcHealth
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Status> statuses = new() { [""] = Status.NotServing };

    // Completed, and replaced, at every change.
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Says whether a service, or with an empty name the server, can answer.</summary>
    public void Set(string service, bool serving)
    {
        TaskCompletionSource before;
        lock (gate)
        {
            statuses[service] = serving ? Status.Serving : Status.NotServing;
            before = changed;
            changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        before.SetResult();
    }

    public RpcService Service() => new RpcServiceBuilder(HealthReflection.Descriptor.Services[0])
        .Unary<HealthCheckRequest, HealthCheckResponse>("Check", (request, _) => new(Check(request.Service)))
        .ServerStreaming<HealthCheckRequest, HealthCheckResponse>("Watch", Watch)
        .Build();

    private RpcResult<HealthCheckResponse> Check(string service)
    {
        var status = Now(service).Status;
        return status is Status.ServiceUnknown
            ? new RpcStatus(RpcStatusCode.NotFound, $"no health is known of a service named '{service}'")
            : new HealthCheckResponse { Status = status };
    }

    private async ValueTask<RpcStatus> Watch(HealthCheckRequest request, RpcWriter<HealthCheckResponse> replies, RpcContext call)
    {
        Status? told = null;
        while (true)
        {
            var (status, change) = Now(request.Service);
            if (status != told)
            {
                await replies.Write(new() { Status = status });
                told = status;
            }

            await change.WaitAsync(call.Cancellation);
        }
    }

    private (Status Status, Task Change) Now(string service)
    {
        lock (gate)
        {
            return (statuses.TryGetValue(service, out var status) ? status : Status.ServiceUnknown, changed.Task);
        }
    }
}
