using System.Diagnostics.Metrics;
using Elanus.Replication;

namespace Elanus.Server;

/// <summary>What is measured about this member of a cluster, for as long as it runs. Any thread.</summary>
internal sealed class ClusterMetrics : IDisposable
{
    private readonly Meter meter = new("Elanus.Server");

    public ClusterMetrics(ReplicatedLog replica, Func<int> heldCalls, Func<long> standbyReads)
    {
        Gauge("cluster.role", "{role}", "1 where this node is active, 0 where it is a standby", () => replica.State.IsActive ? 1 : 0);
        Gauge("cluster.epoch", "{epoch}", "The epoch of the active, as far as this node knows", () => replica.State.Epoch.Number);
        Gauge("cluster.lag.records", "{record}", "Records that the active has committed and this node has not applied", () => replica.Lag.Records);
        Gauge("cluster.lag.seconds", "s", "Time since everything that the active then had committed was applied here", () => replica.Lag.Time.TotalSeconds);
        Gauge("cluster.in_sync", "{node}", "Members of the in-sync set, the active among them", () => replica.State.InSync.Length);
        Gauge("cluster.alone", "{node}", "1 where this node is active and nobody else holds what it writes", () => ClusterStatus.IsAlone(replica.State) ? 1 : 0);
        Gauge("cluster.accepts_writes", "{node}", "1 where the in-sync set suffices for writes", () => replica.State.AcceptsWrites ? 1 : 0);
        Gauge("cluster.calls.held", "{call}", "Clients' calls that wait here for the active, or are on their way to it", () => heldCalls());
        meter.CreateObservableGauge(
            "cluster.takeover.step",
            () => replica.Takeover.Done.Select(done => new Measurement<double>(done.Ms / 1000, new KeyValuePair<string, object?>("step", done.Step))),
            "s",
            "How long after its claim was sent each step of this process's takeover was done");
        meter.CreateObservableCounter("cluster.reads", standbyReads, "{call}", "Reads that this node answered while it was a standby");
        meter.CreateObservableCounter("cluster.failovers", () => replica.TurnsSeen, "{failover}", "Changes of the active that this process saw, its first sight of one included");
    }

    public void Dispose() => meter.Dispose();

    private void Gauge(string name, string unit, string description, Func<double> value) => meter.CreateObservableGauge(name, value, unit, description);
}
