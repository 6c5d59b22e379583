using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Schema;
using Google.Protobuf;

namespace Elanus.Milvus.Tests.Calls;

/// <summary>Properties that change what a database or a collection does, not only what it shows.</summary>
public sealed class PropertyCallsTests(Standalone node) : IClassFixture<Standalone>
{
    [Fact]
    public async Task A_collection_gets_its_dynamic_field_later()
    {
        var name = await node.Collection(dynamic: false);
        await node.Insert(name, [1]);
        Standalone.Ok(await Alter(name, "dynamicfield.enabled", "true"));
        Standalone.Ok(await Alter(name, "dynamicfield.enabled", "True"));
        Assert.True(node.Views.Describe(new() { CollectionName = name }, Standalone.Scope).Schema.EnableDynamicField);
        await node.Insert(name, [2], Standalone.Meta("""{"k":7}"""));

        var all = await node.Queries.Query(new() { CollectionName = name, Expr = "id > 0", OutputFields = { "*" } }, Standalone.Scope);
        Standalone.Ok(all.Status);
        Assert.Equal(["{}", """{"k":7}"""], all.FieldsData.Single(f => f.IsDynamic).Scalars.JsonData.Data.Select(d => d.ToStringUtf8()));
        var some = await node.Queries.Query(new() { CollectionName = name, Expr = "k == 7", OutputFields = { "id" } }, Standalone.Scope);
        Assert.Equal([2L], some.FieldsData[0].Scalars.LongData.Data);

        Standalone.Refused(1100, "cannot supported to be disabled", await Alter(name, "dynamicfield.enabled", "false"));
        Standalone.Refused(1100, "must be true or false, got yes", await Alter(name, "dynamicfield.enabled", "yes"));
    }

    [Fact]
    public async Task A_database_bounds_its_collections()
    {
        var calls = new DatabaseCalls(node.Proxy);
        var database = node.Name("db");
        Standalone.Refused(1100, "database.max.collections must be a whole number", await calls.Create(new() { DbName = database, Properties = { Standalone.Pair("database.max.collections", "few") } }, Standalone.Scope));
        Standalone.Ok(await calls.Create(new() { DbName = database, Properties = { Standalone.Pair("database.max.collections", "1") } }, Standalone.Scope));

        Standalone.Ok(await Create("first"));
        Standalone.Refused(102, $"exceeded the limit number of collections[dbName={database}][limit=1]", await Create("second"));
        Standalone.Ok(await Create("first"));
        Standalone.Ok(await calls.Alter(new() { DbName = database, Properties = { Standalone.Pair("database.max.collections", "2") } }, Standalone.Scope));
        Standalone.Ok(await Create("second"));

        Task<Protocol.Common.Status> Create(string name) => node.Collections.Create(
            new()
            {
                DbName = database,
                CollectionName = name,
                Schema = new Protocol.Schema.CollectionSchema
                {
                    Name = name,
                    Fields =
                    {
                        new Protocol.Schema.FieldSchema { Name = "id", DataType = Protocol.Schema.DataType.Int64, IsPrimaryKey = true },
                        new Protocol.Schema.FieldSchema { Name = "v", DataType = Protocol.Schema.DataType.FloatVector, TypeParams = { Standalone.Pair("dim", "2") } },
                    },
                }.ToByteString(),
            },
            Standalone.Scope);
    }

    [Fact]
    public async Task Automatic_ids_may_be_brought_where_that_is_allowed()
    {
        var name = node.Name();
        var schema = new Protocol.Schema.CollectionSchema
        {
            Name = name,
            Fields =
            {
                new Protocol.Schema.FieldSchema { Name = "id", DataType = Protocol.Schema.DataType.Int64, IsPrimaryKey = true, AutoID = true },
                new Protocol.Schema.FieldSchema { Name = "v", DataType = Protocol.Schema.DataType.FloatVector, TypeParams = { Standalone.Pair("dim", "2") } },
            },
        };
        Standalone.Ok(await node.Collections.Create(new() { CollectionName = name, Schema = schema.ToByteString() }, Standalone.Scope));
        var request = new InsertRequest { CollectionName = name, NumRows = 1, FieldsData = { Standalone.Longs("id", 77), Standalone.Floats("v", 2, [1, 2]) } };
        Standalone.Refused(1100, "Cannot passing primary field data", (await node.Writes.Insert(request.ToByteArray(), Standalone.Scope)).Status);

        Standalone.Ok(await Alter(name, "allow_insert_auto_id", "true"));
        var written = await node.Writes.Insert(request.ToByteArray(), Standalone.Scope);
        Standalone.Ok(written.Status);
        Assert.Equal([77L], written.IDs.IntId.Data);
        request.FieldsData.RemoveAt(0);
        Assert.NotEqual([77L], (await node.Writes.Insert(request.ToByteArray(), Standalone.Scope)).IDs.IntId.Data);
    }

    [Fact]
    public async Task A_partial_upsert_with_elements_of_another_type_is_refused()
    {
        var list = new Protocol.Schema.FieldSchema
        {
            Name = "list",
            DataType = Protocol.Schema.DataType.Array,
            ElementType = Protocol.Schema.DataType.Int32,
            TypeParams = { Standalone.Pair("max_capacity", "8") },
            Nullable = true,
        };
        var name = await node.Collection(false, true, list);
        await node.Insert(name, [1]);
        var longs = new FieldData
        {
            FieldName = "list",
            Type = Protocol.Schema.DataType.Array,
            Scalars = new() { ArrayData = new() { ElementType = Protocol.Schema.DataType.Int64, Data = { new ScalarField { LongData = new() { Data = { 5, 6 } } } } } },
        };
        var request = new UpsertRequest { CollectionName = name, NumRows = 1, PartialUpdate = true, FieldsData = { Standalone.Longs("id", 1), longs } };

        Standalone.Refused(1100, "field (list) does not match", (await node.Writes.Upsert(request.ToByteArray(), Standalone.Scope)).Status);

        longs.Scalars = new() { ArrayData = new() { ElementType = Protocol.Schema.DataType.Int32, Data = { new ScalarField { IntData = new() { Data = { 5, 6 } } } } } };
        Standalone.Ok((await node.Writes.Upsert(request.ToByteArray(), Standalone.Scope)).Status);
        var rows = await node.Queries.Query(new() { CollectionName = name, Expr = "array_length(list) == 2 and list[1] == 6", OutputFields = { "id" } }, Standalone.Scope);
        Assert.Equal([1L], rows.FieldsData[0].Scalars.LongData.Data);
    }

    private Task<Protocol.Common.Status> Alter(string name, string key, string value) =>
        node.Collections.Alter(new() { CollectionName = name, Properties = { Standalone.Pair(key, value) } }, Standalone.Scope);
}
