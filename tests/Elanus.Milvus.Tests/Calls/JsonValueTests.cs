using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Schema;
using Google.Protobuf;

namespace Elanus.Milvus.Tests.Calls;

/// <summary>JSON values as clients really send them: without bytes, with halves of characters, deep.</summary>
public sealed class JsonValueTests(Standalone node) : IClassFixture<Standalone>
{
    [Fact]
    public async Task A_value_without_bytes_is_null()
    {
        var name = await node.Collection(false, true, Json("must"), Json("may", nullable: true));
        await node.Insert(name, [1, 2], Documents("must", "", "1"), Documents("may", "{}", ""));

        var rows = await Query(name, "id > 0", "must", "may");

        Assert.Equal(["null", "1"], Texts(rows, "must"));
        Assert.Equal([true, false], rows.FieldsData.Single(f => f.FieldName == "may").ValidData);
        Assert.Equal([2L], Keys(await Query(name, "may is null", "id")));
    }

    [Fact]
    public async Task Halves_of_characters_in_values_are_kept_and_hinder_no_read()
    {
        // What a JavaScript client makes of a text that it cut inside an emoji.
        var name = await node.Collection(dynamic: true);
        await node.Insert(name, [1, 2], Standalone.Meta("""{"k":"\ud83d","n":1}""", """{"k":"x","n":2}"""));

        Assert.Equal([2L], Keys(await Query(name, """k == "x" """, "id")));
        Assert.Equal(["""{"k":"\ud83d"}""", """{"k":"x"}"""], Texts(await Query(name, "id > 0", "k"), "$meta"));
        var merged = new UpsertRequest { CollectionName = name, NumRows = 1, PartialUpdate = true, FieldsData = { Standalone.Longs("id", 1), Standalone.Meta("""{"n":3}""") } };
        Standalone.Ok((await node.Writes.Upsert(merged.ToByteArray(), Standalone.Scope)).Status);
        Assert.Equal(["""{"k":"\ud83d","n":3}"""], Texts(await Query(name, "n == 3", "$meta"), "$meta"));
    }

    [Theory]
    [InlineData("""{"\ud83d":1}""", "has a key with half a surrogate pair")]
    [InlineData("[]", "is not a JSON object")]
    [InlineData("{", "is not a JSON object")]
    public async Task What_no_reader_could_read_is_refused(string document, string why)
    {
        var name = await node.Collection(dynamic: true);
        Standalone.Refused(1100, $"the value of json field $meta in row 0 {why}", await Insert(name, Standalone.Meta(document)));
        Assert.Empty(Keys(await Query(name, "id > 0", "id")));
    }

    [Fact]
    public async Task Depth_has_a_bound_that_is_named()
    {
        var name = await node.Collection(false, true, Json("j"));
        Standalone.Ok(await Insert(name, Documents("j", Nested(1_000))));
        Standalone.Refused(1100, "row 0 nests deeper than 1024 levels", await Insert(name, Documents("j", Nested(1_100))));

        static string Nested(int depth) => new string('[', depth) + new string(']', depth);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        var name = await node.Collection(false, true, Json("j"));
        var data = Documents("j", "{}");
        data.Scalars.JsonData.Data[0] = ByteString.CopyFrom([(byte)'"', 0xff, (byte)'"']);
        Standalone.Refused(1100, "is not UTF-8", await Insert(name, data));
    }

    [Theory]
    [InlineData("""k["a"]""")]
    [InlineData("""$meta["a"]["b"]""")]
    [InlineData("$meta[a]")]
    [InlineData("count(*)")]
    [InlineData("two words")]
    public async Task Output_fields_that_name_nothing_are_refused(string asked)
    {
        var name = await node.Collection(dynamic: true);
        await node.Insert(name, [1], Standalone.Meta("""{"k":{"a":1}}"""));
        var reply = await node.Queries.Query(new() { CollectionName = name, Expr = "id > 0", OutputFields = { "id", asked } }, Standalone.Scope);
        Standalone.Refused(1100, $"parse output field name failed: {asked}", reply.Status);
    }

    [Fact]
    public async Task One_key_is_asked_for_by_name_or_by_path()
    {
        var name = await node.Collection(dynamic: true);
        await node.Insert(name, [1], Standalone.Meta("""{"k":{"a":1},"other":2,"ключ":3}"""));
        foreach (var asked in (string[])["k", """$meta["k"]""", "$meta['k']"])
        {
            Assert.Equal(["""{"k":{"a":1}}"""], Texts(await Query(name, "id > 0", asked), "$meta"));
        }

        Assert.Contains(":3}", Assert.Single(Texts(await Query(name, "id > 0", "ключ"), "$meta")), StringComparison.Ordinal);
        Assert.Equal([1L], (await Query(name, "id > 0", " COUNT(*) ")).FieldsData.Single().Scalars.LongData.Data);
    }

    private static Protocol.Schema.FieldSchema Json(string name, bool nullable = false) => new() { Name = name, DataType = Protocol.Schema.DataType.Json, Nullable = nullable };

    private static FieldData Documents(string name, params string[] documents)
    {
        var data = Standalone.Meta(documents);
        data.FieldName = name;
        data.IsDynamic = false;
        return data;
    }

    private static IEnumerable<string> Texts(QueryResults reply, string name) =>
        reply.FieldsData.Single(f => f.FieldName == name).Scalars.JsonData.Data.Select(d => d.ToStringUtf8());

    private static Google.Protobuf.Collections.RepeatedField<long> Keys(QueryResults reply) => reply.FieldsData.Single(f => f.FieldName == "id").Scalars.LongData.Data;

    private async Task<Protocol.Common.Status> Insert(string name, FieldData more)
    {
        var request = new InsertRequest { CollectionName = name, NumRows = 1, FieldsData = { Standalone.Longs("id", 1), Standalone.Floats("v", 2, [1, 2]), more } };
        return (await node.Writes.Insert(request.ToByteArray(), Standalone.Scope)).Status;
    }

    private async Task<QueryResults> Query(string name, string filter, params string[] fields)
    {
        var reply = await node.Queries.Query(new() { CollectionName = name, Expr = filter, OutputFields = { fields } }, Standalone.Scope);
        Standalone.Ok(reply.Status);
        return reply;
    }
}
