using Elanus.Clients.Postgres;
using Elanus.Coordination.Tests.Conformance;

namespace Elanus.Coordination.Tests.Postgres;

/// <summary>A server that is started for the first test that needs it.</summary>
[CollectionDefinition(Name)]
public sealed class SharedPostgres : ICollectionFixture<SharedPostgres>, IDisposable
{
    public const string Name = "postgres";

    private readonly Lazy<Task<PostgresServer>> server = new(() => new PostgresServer().Ready());

    internal Task<PostgresServer> Server => server.Value;

    public void Dispose()
    {
        if (server.IsValueCreated)
        {
            server.Value.Result.Dispose();
        }
    }
}

[Needs("postgres")]
[Collection(SharedPostgres.Name)]
public sealed class PostgresConformance(SharedPostgres postgres) : ArbiterConformance
{
    protected override async Task<IArbiter> OpenAsync() => PostgresServer.Arbiter((await postgres.Server).Options);

    protected override async Task ForgetAsync()
    {
        await using var client = new PostgresClient((await postgres.Server).Options);
        Assert.Null((await client.ExecuteAsync("DELETE FROM elanus_role WHERE role = $1", [Role], Roles.Bound())).Failure);
    }
}
