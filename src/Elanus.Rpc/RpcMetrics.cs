using System.Diagnostics.Metrics;

namespace Elanus.Rpc;

/// <summary>The runtime's instruments, named as OpenTelemetry names them; they cost next to nothing while nobody listens.</summary>
public static class RpcMetrics
{
    public const string MeterName = "Elanus.Rpc";

    private static readonly Meter Meter = new(MeterName);

    private static readonly UpDownCounter<long> Active = Meter.CreateUpDownCounter<long>("rpc.server.active_calls", "{call}", "Calls being served.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("rpc.server.call.duration", "s", "From a call's headers to its status.");

    internal static void CallStarted() => Active.Add(1);

    internal static void CallEnded(RpcMethod method, RpcStatusCode code, TimeSpan elapsed)
    {
        Active.Add(-1);
        if (Duration.Enabled)
        {
            Duration.Record(elapsed.TotalSeconds, new("rpc.method", method.Path), new KeyValuePair<string, object?>("rpc.response.status_code", code.ToString()));
        }
    }
}
