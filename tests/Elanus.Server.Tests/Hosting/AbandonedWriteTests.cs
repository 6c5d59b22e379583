using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;
using Elanus.Milvus.Protocol.Schema;
using SyncFate = Elanus.Primitives.SyncFate;

namespace Elanus.Server.Tests;

/// <summary>Writes whose clients go away while the log holds them: they take effect later, as they were sent.</summary>
public sealed class AbandonedWriteTests
{
    private const int Rows = 1000;

    [Fact]
    public async Task What_the_log_has_yet_to_write_is_no_other_requests_memory()
    {
        await using var world = await NodeWorld.Start();
        await world.Collection("c");
        var port = new ClientPort(world.Node);
        using var isSyncing = new SemaphoreSlim(0);
        using var goesOn = new ManualResetEventSlim();
        world.Files.Faults.Sync = _ =>
        {
            isSyncing.Release();
            goesOn.Wait();
            return SyncFate.Honest;
        };
        var first = port.Call<MutationResult>("Insert", Request(1, 0));
        await isSyncing.WaitAsync();

        // It waits behind the first one's sync.
        using var gone = new CancellationTokenSource();
        var abandoned = port.Abandon("Insert", Request(2, 1), gone.Token);
        Assert.False(abandoned.IsCompleted);
        await gone.CancelAsync();
        await abandoned;
        var others = Enumerable.Range(3, 20).Select(number => port.Call<MutationResult>("Insert", Request(number, -1))).ToList();
        world.Files.Faults.Sync = _ => SyncFate.Honest;
        goesOn.Set();

        Assert.All(await Task.WhenAll([first, .. others]), reply => Assert.Equal(0, reply.Status.Code));
        Assert.False(world.Node.Death.IsCompleted);
        var found = await port.Call<QueryResults>(
            "Query", new QueryRequest { CollectionName = "c", Expr = $"id >= {2 * Rows} and id < {3 * Rows}", OutputFields = { "vec" }, ConsistencyLevel = ConsistencyLevel.Strong });
        var vectors = found.FieldsData.Single(field => field.FieldName == "vec").Vectors.FloatVector.Data;
        Assert.Equal(2 * Rows, vectors.Count);
        Assert.All(vectors, value => Assert.Equal(1f, value));
    }

    private static InsertRequest Request(int number, float value) => new()
    {
        CollectionName = "c",
        NumRows = Rows,
        FieldsData =
        {
            new FieldData { FieldName = "id", Type = DataType.Int64, Scalars = new() { LongData = new() { Data = { Enumerable.Range(number * Rows, Rows).Select(id => (long)id) } } } },
            new FieldData { FieldName = "text", Type = DataType.VarChar, Scalars = new() { StringData = new() { Data = { Enumerable.Repeat("a", Rows) } } } },
            new FieldData { FieldName = "vec", Type = DataType.FloatVector, Vectors = new() { Dim = 2, FloatVector = new() { Data = { Enumerable.Repeat(value, 2 * Rows) } } } },
        },
    };
}
