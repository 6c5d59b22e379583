using Elanus.Clients.Etcd;
using Elanus.Coordination.Tests.Conformance;

namespace Elanus.Coordination.Tests.Etcd;

/// <summary>Three members, started for the first test that needs them.</summary>
[CollectionDefinition(Name)]
public sealed class SharedEtcd : ICollectionFixture<SharedEtcd>, IDisposable
{
    public const string Name = "etcd";

    private readonly Lazy<Task<EtcdCluster>> cluster = new(() => new EtcdCluster(3).Ready());

    internal Task<EtcdCluster> Cluster => cluster.Value;

    public void Dispose()
    {
        if (cluster.IsValueCreated)
        {
            cluster.Value.Result.Dispose();
        }
    }
}

[Needs("etcd")]
[Collection(SharedEtcd.Name)]
public sealed class EtcdConformance(SharedEtcd etcd) : ArbiterConformance
{
    private int opened;

    /// <summary>Each node asks another member first.</summary>
    protected override async Task<IArbiter> OpenAsync()
    {
        var options = (await etcd.Cluster).Options;
        var first = opened++ % options.Endpoints.Length;
        return EtcdCluster.Arbiter(options with { Endpoints = [.. options.Endpoints[first..], .. options.Endpoints[..first]] });
    }

    protected override async Task ForgetAsync()
    {
        await using var client = EtcdClient.Create((await etcd.Cluster).Options).Value;
        Assert.Equal(EtcdOutcome.Done, (await client.CommitAsync(new EtcdTransaction().Delete($"elanus/{Uri.EscapeDataString(Role)}/record"), Roles.Bound())).Outcome);
    }
}
