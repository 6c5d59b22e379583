using Elanus.Milvus.Protocol;
using Elanus.Primitives;
using Elanus.Roles;

namespace Elanus.Server.Tests;

public sealed class RequestIdTests
{
    private const int InvalidParameter = 1100;

    private static readonly (string, string) Id = Named("0123456789abcdef0123456789abcdef");

    [Fact]
    public async Task A_repeated_insert_gets_the_first_answer_and_appends_nothing()
    {
        await using var world = await NodeWorld.Start();
        await world.Collection("c", autoId: true);
        var port = new ClientPort(world.Node);
        var first = await port.Call<MutationResult>("Insert", Keyless(2), Id);
        Assert.Equal(0, first.Status.Code);
        var end = world.Node.Committed;

        for (var again = 0; again < 3; again++)
        {
            Assert.Equal(first, await port.Call<MutationResult>("Insert", Keyless(2), Id));
        }

        Assert.Equal(end, world.Node.Committed);
        Assert.Equal(first.IDs.IntId.Data, await world.Ids("c"));

        // A client without ids that repeats the call inserts twice, as in Milvus.
        await port.Call<MutationResult>("Insert", Keyless(2));
        await port.Call<MutationResult>("Insert", Keyless(2));
        Assert.Equal(6, (await world.Ids("c")).Length);
    }

    [Fact]
    public async Task Calls_of_one_id_at_the_same_time_take_effect_once()
    {
        await using var world = await NodeWorld.Start();
        await world.Collection("c", autoId: true);
        var port = new ClientPort(world.Node);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => port.Call<MutationResult>("Insert", Keyless(3), Id))));
        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        Assert.Equal(3, (await world.Ids("c")).Length);
    }

    [Fact]
    public async Task Another_content_under_the_same_id_is_refused_and_so_is_an_id_that_is_none()
    {
        await using var world = await NodeWorld.Start();
        await world.Collection("c", autoId: true);
        var port = new ClientPort(world.Node);
        await port.Call<MutationResult>("Insert", Keyless(2), Id);
        var other = await port.Call<MutationResult>("Insert", Keyless(1), Id);
        Assert.Equal(InvalidParameter, other.Status.Code);
        Assert.Contains("was used for another request", other.Status.Reason, StringComparison.Ordinal);
        Assert.Equal(InvalidParameter, (await port.Call<MutationResult>("Delete", new DeleteRequest { CollectionName = "c", Expr = "id > 0" }, Id)).Status.Code);
        Assert.Contains("32 hexadecimal digits", (await port.Call<MutationResult>("Insert", Keyless(1), Named("mine"))).Status.Reason, StringComparison.Ordinal);
        Assert.Equal(2, (await world.Ids("c")).Length);
    }

    [Fact]
    public async Task What_was_refused_may_be_tried_again_under_its_id()
    {
        await using var world = await NodeWorld.Start();
        await world.Collection("c");
        var port = new ClientPort(world.Node);
        var missing = InsertRequests.Row("later", 1, "a");
        Assert.Equal(100, (await port.Call<MutationResult>("Insert", missing, Id)).Status.Code);
        await world.Collection("later");
        Assert.Equal(0, (await port.Call<MutationResult>("Insert", missing, Id)).Status.Code);
        Assert.Equal(new long[] { 1 }, await world.Ids("later"));
    }

    [Fact]
    public async Task Deletes_and_upserts_take_effect_once_too()
    {
        await using var world = await NodeWorld.Start();
        await world.Collection("c");
        var port = new ClientPort(world.Node);
        await port.Call<MutationResult>("Insert", InsertRequests.Row("c", 1, "a"));
        var delete = new DeleteRequest { CollectionName = "c", Expr = "text == 'a'", ConsistencyLevel = Milvus.Protocol.Common.ConsistencyLevel.Strong };
        var nothing = new DeleteRequest { CollectionName = "c", Expr = "text == 'b'", ConsistencyLevel = Milvus.Protocol.Common.ConsistencyLevel.Strong };
        var deleted = await port.Call<MutationResult>("Delete", delete, Id);
        var none = await port.Call<MutationResult>("Delete", nothing, Named("1123456789abcdef0123456789abcdef"));
        Assert.Equal((1, 0), (deleted.DeleteCnt, none.DeleteCnt));

        await port.Call<MutationResult>("Insert", InsertRequests.Row("c", 2, "a"));
        await port.Call<MutationResult>("Insert", InsertRequests.Row("c", 3, "b"));
        Assert.Equal(deleted, await port.Call<MutationResult>("Delete", delete, Id));
        Assert.Equal(none, await port.Call<MutationResult>("Delete", nothing, Named("1123456789abcdef0123456789abcdef")));
        Assert.Equal(new long[] { 2, 3 }, await world.Ids("c"));

        var row = InsertRequests.Row("c", 2, "new");
        var upsert = new UpsertRequest { CollectionName = "c", NumRows = 1, FieldsData = { row.FieldsData } };
        var replaced = await port.Call<MutationResult>("Upsert", upsert, Named("2123456789abcdef0123456789abcdef"));
        Assert.Equal([2L], replaced.IDs.IntId.Data);
        Assert.Equal(replaced, await port.Call<MutationResult>("Upsert", upsert, Named("2123456789abcdef0123456789abcdef")));
    }

    [Fact]
    public async Task A_repeated_call_is_answered_whatever_became_of_the_names_and_the_schema_since()
    {
        await using var world = await NodeWorld.Start();
        await world.Collection("c", autoId: true);
        var port = new ClientPort(world.Node);
        var insert = Keyless(2);
        insert.SchemaTimestamp = (await port.Call<DescribeCollectionResponse>("DescribeCollection", new DescribeCollectionRequest { CollectionName = "c" })).UpdateTimestamp;
        var first = await port.Call<MutationResult>("Insert", insert, Id);
        Assert.Equal("", first.Status.Reason);
        const string body = """{"collectionName":"c","data":[{"text":"a","vec":[1,2]}]}""";
        var rest = Named("1123456789abcdef0123456789abcdef");
        Assert.Equal(0, (await port.Rest("entities/insert", body, rest)).GetProperty("code").GetInt32());

        Assert.Equal(0, (await port.Call<Milvus.Protocol.Common.Status>("CreatePartition", new CreatePartitionRequest { CollectionName = "c", PartitionName = "p" })).Code);
        Assert.NotEqual(insert.SchemaTimestamp, (await port.Call<DescribeCollectionResponse>("DescribeCollection", new DescribeCollectionRequest { CollectionName = "c" })).UpdateTimestamp);
        Assert.Equal(first, await port.Call<MutationResult>("Insert", insert, Id));
        Assert.Equal(3, (await world.Ids("c")).Length);

        Assert.Equal(0, (await port.Call<Milvus.Protocol.Common.Status>("DropCollection", new DropCollectionRequest { CollectionName = "c" })).Code);
        var gone = await port.Call<MutationResult>("Insert", insert, Id);
        Assert.Equal((0, 2, first.Timestamp), (gone.Status.Code, gone.InsertCnt, gone.Timestamp));
        Assert.Equal(1, (await port.Rest("entities/insert", body, rest)).GetProperty("data").GetProperty("insertCount").GetInt32());
    }

    [Fact]
    public async Task The_rest_calls_take_the_header()
    {
        await using var world = await NodeWorld.Start();
        await world.Collection("c", autoId: true);
        var port = new ClientPort(world.Node);
        const string body = """{"collectionName":"c","data":[{"text":"a","vec":[1,2]}]}""";
        var first = await port.Rest("entities/insert", body, Id);
        Assert.Equal(0, first.GetProperty("code").GetInt32());
        Assert.Equal(first.ToString(), (await port.Rest("entities/insert", body, Id)).ToString());
        Assert.Single(await world.Ids("c"));
    }

    [Theory]
    [InlineData("crash")]
    [InlineData("checkpoint")]
    public async Task A_call_is_known_after_a_start(string how)
    {
        await using var world = await NodeWorld.Start();
        await world.Collection("c", autoId: true);
        var first = await new ClientPort(world.Node).Call<MutationResult>("Insert", Keyless(2), Id);
        if (how == "crash")
        {
            await world.Crash(seed: 3);
        }
        else
        {
            Assert.True((await world.Node.Close(default)).Succeeded);
            await world.Restart();
        }

        Assert.Equal(how == "checkpoint", world.Node.Recovered.From is not null);
        Assert.Equal(first, await new ClientPort(world.Node).Call<MutationResult>("Insert", Keyless(2), Id));
        Assert.Equal(first.IDs.IntId.Data, await world.Ids("c"));
    }

    private static (string, string) Named(string id) => (RequestIdentity.Header, id);

    private static InsertRequest Keyless(int rows)
    {
        var request = InsertRequests.Row("c", 1, "a");
        request.FieldsData.RemoveAt(0);
        request.NumRows = (uint)rows;
        for (var row = 1; row < rows; row++)
        {
            request.FieldsData[0].Scalars.StringData.Data.Add("b");
            request.FieldsData[1].Vectors.FloatVector.Data.AddRange([1f, 2f]);
        }

        return request;
    }
}
