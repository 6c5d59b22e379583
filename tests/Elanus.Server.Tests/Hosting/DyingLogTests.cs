using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;
using Elanus.Primitives;

namespace Elanus.Server.Tests;

public sealed class DyingLogTests
{
    private const int Unavailable = 2;

    [Fact]
    public async Task A_call_that_the_log_dies_under_is_told_that_its_outcome_is_unknown_and_may_be_tried_again()
    {
        await using var world = await NodeWorld.Start();
        await world.Collection("c");
        var port = new ClientPort(world.Node);
        Assert.True((await port.Call<CheckHealthResponse>("CheckHealth", new CheckHealthRequest())).IsHealthy);

        world.Files.Faults.Sync = _ => SyncFate.Failed;
        var refused = await port.Rest("entities/insert", """{"collectionName":"c","data":[{"id":1,"text":"a","vec":[1,2]}]}""");
        Assert.Equal(Unavailable, refused.GetProperty("code").GetInt32());
        Assert.StartsWith("service unavailable[reason=outcome unknown", refused.GetProperty("message").GetString(), StringComparison.Ordinal);

        // Whatever kind of request the method reads: bytes, a message, and one whose reply is a status.
        Unknown((await port.Call<MutationResult>("Insert", InsertRequests.Row("c", 2, "a"))).Status);
        Unknown((await port.Call<MutationResult>("Delete", new DeleteRequest { CollectionName = "c", Expr = "id == 1" })).Status);
        Unknown(await port.Call<Status>("CreateDatabase", new CreateDatabaseRequest { DbName = "d" }));
        Unknown((await port.Call<QueryResults>("Query", new QueryRequest { CollectionName = "c", Expr = "id == 1", ConsistencyLevel = ConsistencyLevel.Strong })).Status);

        await world.Node.Death;
        var health = await port.Call<CheckHealthResponse>("CheckHealth", new CheckHealthRequest());
        Assert.False(health.IsHealthy);
        Assert.Contains("cannot go on", Assert.Single(health.Reasons), StringComparison.Ordinal);
    }

    private static void Unknown(Status status)
    {
        Assert.Equal(Unavailable, status.Code);
        Assert.True(status.Retriable);
        Assert.Equal(ErrorCode.UnexpectedError, status.ErrorCode);
        Assert.StartsWith("service unavailable[reason=outcome unknown", status.Reason, StringComparison.Ordinal);
    }
}
