using Elanus.Primitives;
using Elanus.Roles;

namespace Elanus.Server.Tests;

public sealed class StandaloneNodeTests
{
    [Fact]
    public async Task Rows_inserted_are_found_by_query_and_by_search()
    {
        await using var world = await NodeWorld.Start();
        await world.Collection("c");
        var written = (await world.Proxy.Writes.Insert(NodeWorld.Rows("c", 3, 1, 2), default)).Value;
        Assert.Equal(3, written.Inserted);
        Assert.Equal(new long[] { 1, 2, 3 }, await world.Ids("c"));

        var vectors = new ColumnBuilder(DataType.FloatVector, dimension: 2)
            .Append(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(new float[] { 2.2f, 0 })).Build();
        var found = (await world.Proxy.Searches.Search(
            new() { Database = NodeWorld.Database, Collection = "c", Vectors = vectors, TopK = 2, OutputFields = ["text"], Consistency = ConsistencyLevel.Strong },
            default)).Value;
        Assert.Equal(new long[] { 2, 3 }, found.Ids.As<long>().ToArray());
        Assert.Equal("t2", found.Rows.Columns[0].Values.ValueAt(0)!.Value.Text);
    }

    [Fact]
    public async Task A_read_that_a_stop_overtakes_is_not_told_that_there_is_no_such_collection()
    {
        await using var world = await NodeWorld.Start();
        var collection = await world.Collection("c");
        var data = world.Node.Roles.State.Find(collection.Id)!;
        await world.Node.DisposeAsync();
        await Assert.ThrowsAsync<Log.LogDeadException>(() => world.Proxy.Queries.Query(
            new() { Database = NodeWorld.Database, Collection = "c", Filter = "id >= 0", OutputFields = ["id"], Consistency = ConsistencyLevel.Eventually }, default));
        Assert.Equal(FailureCode.CollectionNotFound, data.OpenView().Failure?.Code);
        await world.Kill();
    }

    [Fact]
    public async Task Everything_is_there_after_a_restart()
    {
        await using var world = await NodeWorld.Start();
        await world.Collection("c");
        await world.Proxy.Aliases.Create(NodeWorld.Database, "c", "other", default);
        await world.Proxy.Writes.Insert(NodeWorld.Rows("c", 1, 2, 3), default);
        await world.Proxy.Writes.Delete(new() { Database = NodeWorld.Database, Collection = "c", Filter = "id == 2" }, default);
        Assert.Equal(new long[] { 1, 3 }, await world.Ids("c"));
        var before = world.Node.Roles.Hash();
        await world.Restart();
        Assert.Equal(new long[] { 1, 3 }, await world.Ids("other"));
        Assert.Equal(before, world.Node.Roles.Hash());
        Assert.NotNull(world.Proxy.Metadata.Loads.Of(world.Proxy.Metadata.Root.Collections.Keys.Single()));
    }

    [Fact]
    public async Task What_was_answered_survives_a_crash_of_the_machine()
    {
        await using var world = await NodeWorld.Start();
        await world.Collection("c");
        var expected = new List<long>();
        for (ulong seed = 1; seed <= 5; seed++)
        {
            for (var id = (long)seed * 10; id < ((long)seed * 10) + 5; id++)
            {
                Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", id), default)).Succeeded);
                expected.Add(id);
            }

            await world.Crash(seed);
            Assert.Equal(expected, await world.Ids("c"));
        }
    }

    [Fact]
    public async Task Automatic_ids_are_never_given_twice_across_restarts()
    {
        await using var world = await NodeWorld.Start();
        await world.Collection("c", autoId: true);
        var given = new List<long>();
        for (var round = 0; round < 3; round++)
        {
            var rows = NodeWorld.Rows("c", 1, 2, 3);
            var written = (await world.Proxy.Writes.Insert(rows with { Columns = [.. rows.Columns.Where(c => c.Name != "id")] }, default)).Value;
            given.AddRange(written.Ids!.As<long>());
            await world.Restart();
        }

        Assert.Equal(9, given.Distinct().Count());
        Assert.Equal(given.Order(), given);
    }

    [Fact]
    public async Task An_upsert_replaces_and_a_partial_one_keeps_what_it_leaves_out()
    {
        await using var world = await NodeWorld.Start();
        await world.Collection("c");
        await world.Proxy.Writes.Insert(NodeWorld.Rows("c", 1, 2), default);
        var keys = new ColumnBuilder(DataType.Int64).Append(2L).Build();
        var texts = new ColumnBuilder(DataType.VarChar).AppendText("new").Build();
        var upsert = new InsertCall
        {
            Database = NodeWorld.Database,
            Collection = "c",
            Rows = 1,
            Partial = true,
            Columns = [new("id", keys), new("text", texts)],
        };
        Assert.True((await world.Proxy.Writes.Upsert(upsert, default)).Succeeded);
        var found = (await world.Proxy.Queries.Query(
            new() { Database = NodeWorld.Database, Collection = "c", Filter = "id == 2", OutputFields = ["text", "vec"], Consistency = ConsistencyLevel.Strong },
            default)).Value;
        Assert.Equal(1, found.Rows.Rows);
        Assert.Equal("new", found.Rows.Columns[0].Values.ValueAt(0)!.Value.Text);
        Assert.Equal(new[] { 2f, 0f }, found.Rows.Columns[1].Values.As<float>().ToArray());
    }

    [Fact]
    public async Task A_second_process_on_the_directory_is_refused_with_a_sentence()
    {
        await using var world = await NodeWorld.Start();
        var settings = new NodeSettings { DataPath = "/data" };
        await using var work = new PooledWork(1);
        var second = await StandaloneNode.Start(settings, new(world.Files, TimeProvider.System, new SeededRandom(8), work), default);
        Assert.False(second.Succeeded);
        Assert.Contains("/data is in use by another process", second.Failure.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dropped_collection_frees_its_name_and_a_new_one_starts_empty()
    {
        await using var world = await NodeWorld.Start();
        var first = await world.Collection("c");
        await world.Proxy.Writes.Insert(NodeWorld.Rows("c", 1), default);
        Assert.True((await world.Proxy.Collections.Drop(NodeWorld.Database, "c", default)).Succeeded);
        var second = await world.Collection("c");
        Assert.NotEqual(first.Id, second.Id);
        Assert.Empty(await world.Ids("c"));
        Assert.Null(world.Node.Roles.State.Find(first.Id));
    }
}
