using System.Text.Json;

namespace Elanus.Milvus.Tests.Rest;

/// <summary>Collections, partitions, indexes, aliases and databases.</summary>
public sealed class RestDefinitionTests(RestServer server) : IClassFixture<RestServer>
{
    [Fact]
    public async Task The_quick_form_makes_an_indexed_and_loaded_collection()
    {
        var name = await server.Quick();
        var shown = await server.Ok("collections/describe", $$"""{"collectionName":"{{name}}"}""");
        Assert.Equal(
            ["id:Int64", "vector:FloatVector"],
            shown.GetProperty("fields").EnumerateArray().Select(f => $"{f.GetProperty("name").GetString()}:{f.GetProperty("type").GetString()}"));
        Assert.True(shown.GetProperty("enableDynamicField").GetBoolean());
        Assert.Equal("LoadStateLoaded", shown.GetProperty("load").GetString());
        Assert.Equal("L2", shown.GetProperty("indexes")[0].GetProperty("metricType").GetString());
        Assert.Equal("Strong", shown.GetProperty("consistencyLevel").GetString());
    }

    [Fact]
    public async Task The_schema_form_keeps_fields_defaults_and_index_parameters()
    {
        var name = server.Name();
        await server.Ok("collections/create", $$$"""
            {"collectionName":"{{{name}}}","schema":{"autoID":true,"enableDynamicField":false,"fields":[
              {"fieldName":"key","dataType":"VarChar","isPrimary":true,"elementTypeParams":{"max_length":20}},
              {"fieldName":"n","dataType":"Int32","defaultValue":7},
              {"fieldName":"tags","dataType":"Array","elementDataType":"Int64","nullable":true,"elementTypeParams":{"max_capacity":"4"}},
              {"fieldName":"v","dataType":"FloatVector","elementTypeParams":{"dim":4}}]},
             "indexParams":[{"fieldName":"v","indexName":"by_v","metricType":"IP","params":{"index_type":"HNSW","M":16,"efConstruction":"100"}}],
             "params":{"ttlSeconds":600,"shardsNum":2}}
            """);
        var shown = await server.Ok("collections/describe", $$"""{"collectionName":"{{name}}"}""");
        Assert.True(shown.GetProperty("autoId").GetBoolean());
        Assert.Equal(2, shown.GetProperty("shardsNum").GetInt32());
        Assert.Equal("600", shown.GetProperty("properties")[0].GetProperty("value").GetString());
        var fields = shown.GetProperty("fields");
        Assert.Equal(7, fields[1].GetProperty("defaultValue").GetProperty("Data").GetProperty("IntData").GetInt32());
        Assert.Equal("Int64", fields[2].GetProperty("elementType").GetString());
        var index = (await server.Ok("indexes/describe", $$"""{"collectionName":"{{name}}","indexName":"by_v"}"""))[0];
        Assert.Equal(("HNSW", "IP", "Finished"), (Text(index, "indexType"), Text(index, "metricType"), Text(index, "indexState")));
    }

    [Theory]
    [InlineData(1802, "dimension", """{"collectionName":"x1"}""")]
    [InlineData(1802, "fieldName of each field", """{"collectionName":"x2","schema":{"fields":[{"dataType":"Int64"}]}}""")]
    [InlineData(1100, "case-sensitive", """{"collectionName":"x3","schema":{"fields":[{"fieldName":"a","dataType":"int64"}]}}""")]
    [InlineData(1100, "defaultValue of field a", """{"collectionName":"x4","schema":{"fields":[{"fieldName":"a","dataType":"Int8","defaultValue":300}]}}""")]
    [InlineData(1802, "the field w", """{"collectionName":"x5","schema":{"fields":[{"fieldName":"a","dataType":"Int64","isPrimary":true},{"fieldName":"v","dataType":"FloatVector","elementTypeParams":{"dim":4}}]},"indexParams":[{"fieldName":"w"}]}""")]
    [InlineData(10, "functions", """{"collectionName":"x6","schema":{"functions":[{"name":"f"}],"fields":[{"fieldName":"a","dataType":"Int64"}]}}""")]
    [InlineData(1100, "consistencyLevel can only be", """{"collectionName":"x7","dimension":4,"params":{"consistencyLevel":"strong"}}""")]
    public async Task Bad_definitions_are_refused_and_leave_nothing(int code, string part, string body)
    {
        await server.Refused(code, part, "collections/create", body);
        using var document = JsonDocument.Parse(body);
        var name = document.RootElement.GetProperty("collectionName").GetString();
        Assert.False((await server.Ok("collections/has", $$"""{"collectionName":"{{name}}"}""")).GetProperty("has").GetBoolean());
    }

    [Fact]
    public async Task Collections_are_listed_renamed_loaded_released_altered_and_dropped()
    {
        var name = await server.Quick();
        var other = server.Name();
        await server.Ok("collections/rename", $$"""{"collectionName":"{{name}}","newCollectionName":"{{other}}"}""");
        var names = (await server.Ok("collections/list", "{}")).EnumerateArray().Select(n => n.GetString()).ToList();
        Assert.Contains(other, names);
        Assert.DoesNotContain(name, names);
        var body = $$"""{"collectionName":"{{other}}"}""";
        await server.Ok("collections/release", body);
        Assert.Equal("LoadStateNotLoad", Text(await server.Ok("collections/get_load_state", body), "loadState"));
        await server.Ok("collections/load", body);
        await server.Ok("collections/refresh_load", body);
        Assert.Equal(100, (await server.Ok("collections/get_load_state", body)).GetProperty("loadProgress").GetInt32());
        await server.Ok("collections/alter_properties", $$$"""{"collectionName":"{{{other}}}","properties":{"mmap.enabled":true}}""");
        Assert.Equal("true", Text((await server.Ok("collections/describe", body)).GetProperty("properties")[0], "value"));
        await server.Ok("collections/drop_properties", $$"""{"collectionName":"{{other}}","propertyKeys":["mmap.enabled"]}""");
        Assert.Empty((await server.Ok("collections/describe", body)).GetProperty("properties").EnumerateArray());
        await server.Ok("collections/drop", body);
        await server.Refused(100, $"collection not found[database=default][collection={other}]", "collections/describe", body);
    }

    [Fact]
    public async Task Fields_are_added_and_altered()
    {
        var name = await server.Quick();
        await server.Ok("collections/fields/add", $$$"""{"collectionName":"{{{name}}}","schema":{"fieldName":"note","dataType":"VarChar","nullable":true,"elementTypeParams":{"max_length":10}} }""");
        await server.Ok("collections/fields/alter_properties", $$$"""{"collectionName":"{{{name}}}","fieldName":"note","fieldParams":{"max_length":30}}""");
        var note = (await server.Ok("collections/describe", $$"""{"collectionName":"{{name}}"}""")).GetProperty("fields").EnumerateArray().Single(f => Text(f, "name") == "note");
        Assert.Equal("30", Text(note.GetProperty("params")[0], "value"));
    }

    [Fact]
    public async Task Partitions_are_made_counted_loaded_and_dropped()
    {
        var name = await server.Quick();
        var one = $$"""{"collectionName":"{{name}}","partitionName":"p"}""";
        var many = $$"""{"collectionName":"{{name}}","partitionNames":["p"]}""";
        await server.Ok("partitions/create", one);
        Assert.True((await server.Ok("partitions/has", one)).GetProperty("has").GetBoolean());
        Assert.Equal(["_default", "p"], (await server.Ok("partitions/list", one)).EnumerateArray().Select(p => p.GetString()));
        await server.Ok("entities/insert", $$"""{"collectionName":"{{name}}","partitionName":"p","data":[{"id":1,"vector":[1,0]},{"id":2,"vector":[1,0]}]}""");

        // A strong read ends when the rows are applied, which statistics do not wait for.
        await server.Ok("entities/query", $$"""{"collectionName":"{{name}}","outputFields":["count(*)"]}""");
        Assert.Equal(2, (await server.Ok("partitions/get_stats", one)).GetProperty("rowCount").GetInt32());
        await server.Ok("partitions/release", many);
        Assert.Equal("LoadStateNotLoad", Text(await server.Ok("collections/get_load_state", many), "loadState"));
        await server.Ok("partitions/load", many);
        await server.Ok("partitions/release", many);
        await server.Ok("partitions/drop", one);
        Assert.False((await server.Ok("partitions/has", one)).GetProperty("has").GetBoolean());
    }

    [Fact]
    public async Task Indexes_are_made_listed_altered_and_dropped()
    {
        var name = await server.Quick();
        var body = $$"""{"collectionName":"{{name}}","indexName":"vector"}""";
        await server.Ok("collections/release", body);
        await server.Ok("indexes/drop", body);
        Assert.Empty((await server.Ok("indexes/list", body)).EnumerateArray());
        await server.Refused(700, "index not found[indexName=vector]", "indexes/describe", body);
        await server.Ok("indexes/create", $$$"""{"collectionName":"{{{name}}}","indexParams":[{"fieldName":"vector","indexName":"vector","indexType":"IVF_FLAT","metricType":"L2","params":{"nlist":64}}]}""");
        await server.Ok("indexes/alter_properties", $$$"""{"collectionName":"{{{name}}}","indexName":"vector","properties":{"mmap.enabled":"true"}}""");
        var index = (await server.Ok("indexes/describe", body))[0];
        var parameters = index.GetProperty("indexParams").EnumerateArray().ToDictionary(p => Text(p, "key"), p => Text(p, "value"));
        Assert.Equal("HNSW", parameters["elanus.served_by"]);
        Assert.Equal("true", parameters["mmap.enabled"]);
        await server.Ok("indexes/drop_properties", $$"""{"collectionName":"{{name}}","indexName":"vector","propertyKeys":["mmap.enabled"]}""");
        Assert.DoesNotContain("mmap.enabled", (await server.Ok("indexes/describe", body)).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Aliases_stand_for_collections()
    {
        var first = await server.Quick();
        var second = await server.Quick();
        var alias = server.Name("alias");
        await server.Ok("aliases/create", $$"""{"collectionName":"{{first}}","aliasName":"{{alias}}"}""");
        Assert.Equal(alias, (await server.Ok("aliases/list", $$"""{"collectionName":"{{first}}"}"""))[0].GetString());
        await server.Ok("aliases/alter", $$"""{"collectionName":"{{second}}","aliasName":"{{alias}}"}""");
        Assert.Equal(second, Text(await server.Ok("aliases/describe", $$"""{"aliasName":"{{alias}}"}"""), "collectionName"));
        Assert.Equal(second, Text(await server.Ok("collections/describe", $$"""{"collectionName":"{{alias}}"}"""), "collectionName"));
        await server.Ok("aliases/drop", $$"""{"aliasName":"{{alias}}"}""");
        await server.Refused(1600, "alias not found", "aliases/describe", $$"""{"aliasName":"{{alias}}"}""");
    }

    [Fact]
    public async Task Databases_are_apart_and_chosen_by_body_or_header()
    {
        var name = server.Name("db");
        await server.Ok("databases/create", $$"""{"dbName":"{{name}}"}""");
        Assert.Contains(name, (await server.Ok("databases/list", "{}")).EnumerateArray().Select(d => d.GetString()));
        await server.Ok("collections/create", $$"""{"dbName":"{{name}}","collectionName":"here","dimension":2}""");
        Assert.Equal("here", (await server.Ok("collections/list", "{}", ("DB-Name", name)))[0].GetString());
        await server.Refused(100, "collection not found", "collections/describe", """{"collectionName":"here"}""");
        await server.Ok("databases/alter", $$$"""{"dbName":"{{{name}}}","properties":{"database.replica.number":1}}""");
        Assert.Equal("1", Text((await server.Ok("databases/describe", $$"""{"dbName":"{{name}}"}""")).GetProperty("properties")[0], "value"));
        await server.Ok("databases/drop_properties", $$"""{"dbName":"{{name}}","propertyKeys":["database.replica.number"]}""");
        await server.Ok("collections/drop", $$"""{"dbName":"{{name}}","collectionName":"here"}""");
        await server.Ok("databases/drop", $$"""{"dbName":"{{name}}"}""");
        await server.Refused(800, "database not found", "collections/list", $$"""{"dbName":"{{name}}"}""");
    }

    private static string Text(JsonElement value, string name) => value.GetProperty(name).GetString()!;
}
