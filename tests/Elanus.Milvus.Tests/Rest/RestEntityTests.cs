using System.Text.Json;

namespace Elanus.Milvus.Tests.Rest;

public sealed class RestEntityTests(RestServer server) : IClassFixture<RestServer>
{
    private static readonly (string, string) Numbers = ("Accept-Type-Allow-Int64", "true");

    [Fact]
    public async Task Rows_go_in_and_come_out_with_their_dynamic_keys()
    {
        var name = await server.Quick();
        var written = await server.Ok("entities/insert", $$$"""{"collectionName":"{{{name}}}","data":[{"id":1,"vector":[1,0],"color":"red","deep":{"a":[1]}},{"id":"2","vector":[0,1]}]}""");
        Assert.Equal("""{"insertCount":2,"insertIds":["1","2"]}""", written.GetRawText());
        var rows = await server.Ok("entities/query", $$"""{"collectionName":"{{name}}","filter":"id > 0"}""");
        Assert.Equal("""[{"id":"1","vector":[1,0],"color":"red","deep":{"a":[1]}},{"id":"2","vector":[0,1]}]""", rows.GetRawText());
    }

    [Fact]
    public async Task Int64_are_texts_unless_the_header_allows_numbers()
    {
        var name = await server.Quick();
        const string big = "9007199254740993";
        var written = await server.Ok("entities/insert", $$$"""{"collectionName":"{{{name}}}","data":{"id":{{{big}}},"vector":[1,0]}}""", Numbers);
        Assert.Equal(big, written.GetProperty("insertIds")[0].GetRawText());
        var body = $$"""{"collectionName":"{{name}}","id":[{{big}}],"outputFields":["id"]}""";
        Assert.Equal($$"""[{"id":{{big}}}]""", (await server.Ok("entities/get", body, Numbers)).GetRawText());
        Assert.Equal($$"""[{"id":"{{big}}"}]""", (await server.Ok("entities/get", body)).GetRawText());
    }

    [Fact]
    public async Task Every_type_is_read_and_written()
    {
        var name = server.Name();
        await server.Ok("collections/create", $$$"""
            {"collectionName":"{{{name}}}","schema":{"fields":[
              {"fieldName":"key","dataType":"VarChar","isPrimary":true,"elementTypeParams":{"max_length":20}},
              {"fieldName":"b","dataType":"Bool"},{"fieldName":"i8","dataType":"Int8"},{"fieldName":"i16","dataType":"Int16"},
              {"fieldName":"i32","dataType":"Int32","defaultValue":7},{"fieldName":"f","dataType":"Float","nullable":true},{"fieldName":"d","dataType":"Double"},
              {"fieldName":"j","dataType":"JSON"},
              {"fieldName":"words","dataType":"Array","elementDataType":"VarChar","elementTypeParams":{"max_capacity":4,"max_length":10}},
              {"fieldName":"longs","dataType":"Array","elementDataType":"Int64","elementTypeParams":{"max_capacity":4}},
              {"fieldName":"fv","dataType":"FloatVector","elementTypeParams":{"dim":2}},
              {"fieldName":"hv","dataType":"Float16Vector","elementTypeParams":{"dim":2}},
              {"fieldName":"gv","dataType":"BFloat16Vector","elementTypeParams":{"dim":2}},
              {"fieldName":"iv","dataType":"Int8Vector","elementTypeParams":{"dim":2}},
              {"fieldName":"bv","dataType":"BinaryVector","elementTypeParams":{"dim":16}},
              {"fieldName":"sv","dataType":"SparseFloatVector"}]},
             "indexParams":[{"fieldName":"fv","metricType":"L2"},{"fieldName":"hv"},{"fieldName":"gv"},{"fieldName":"iv"},{"fieldName":"bv"},{"fieldName":"sv"}],
             "params":{"consistencyLevel":"Strong"}}
            """);
        await server.Ok("entities/insert", $$$"""
            {"collectionName":"{{{name}}}","data":[
              {"key":"a","b":true,"i8":-5,"i16":300,"i32":null,"d":0.1,"j":{"x":1},"words":["é","two"],"longs":[1,-2],
               "fv":[0.5,1],"hv":[0.5,1],"gv":[0.5,1],"iv":[-1,2],"bv":[1,255],"sv":{"9":0.5,"3":1}},
              {"key":"b","b":false,"i8":5,"i16":3,"i32":1,"f":1.5,"d":2,"j":"[1]","words":[],"longs":[],
               "fv":[1,1],"hv":"ADwAPA==","gv":"gD+APw==","iv":[1,2],"bv":"AQI=","sv":{"indices":[7],"values":[2]}}]}
            """);
        var rows = await server.Ok("entities/query", $$$"""{"collectionName":"{{{name}}}","filter":"key in {k}","exprParams":{"k":["a","b"]}}""");
        Assert.Equal(
            """{"key":"a","b":true,"i8":-5,"i16":300,"i32":7,"f":null,"d":0.1,"j":"{\"x\":1}","words":{"Data":{"StringData":{"data":["é","two"]}}},"longs":{"Data":{"LongData":{"data":[1,-2]}}},"fv":[0.5,1],"hv":"ADgAPA==","gv":"AD+APw==","iv":[-1,2],"bv":"Af8=","sv":{"3":1,"9":0.5}}""",
            rows[0].GetRawText());
        Assert.Equal(("ADwAPA==", "gD+APw==", "[1]"), (rows[1].GetProperty("hv").GetString(), rows[1].GetProperty("gv").GetString(), rows[1].GetProperty("j").GetString()));
        foreach (var (field, query) in new[] { ("fv", "[0.5,1]"), ("hv", "[0.5,1]"), ("gv", "[0.5,1]"), ("iv", "[-1,2]"), ("bv", "[1,255]"), ("sv", """{"9":0.5,"3":1}""") })
        {
            var hits = await server.Ok("entities/search", $$"""{"collectionName":"{{name}}","annsField":"{{field}}","data":[{{query}}],"limit":1}""");
            Assert.Equal("a", hits[0].GetProperty("id").GetString());
        }
    }

    [Theory]
    [InlineData("""[{"id":1}]""", "row 0 has no field vector")]
    [InlineData("""[{"id":1,"vector":[1,0]},{"id":"x","vector":[1,0]}]""", "row 1, field id of type Int64: x is no whole number")]
    [InlineData("""[{"id":1.5,"vector":[1,0]}]""", "1.5 is no whole number")]
    [InlineData("""[{"id":1,"vector":[1,0,0]}]""", "it has 3 elements, the dimension needs 2")]
    [InlineData("""[{"id":1,"vector":[1,"a"]}]""", "element 1, a, is no number")]
    [InlineData("""[{"id":1,"vector":[1,1e39]}]""", "element 1")]
    [InlineData("""[{"id":1,"vector":"AAAA"}]""", "String is no vector")]
    [InlineData("""[7]""", "row 0 must be an object")]
    [InlineData("""[{"id":1,"vector":[1,0],"$meta":{}}]""", "row 0 names the dynamic field $meta")]
    public async Task Bad_rows_are_1804_and_name_row_and_field(string data, string part)
    {
        var name = await server.Quick();
        await server.Refused(1804, part, "entities/insert", $$"""{"collectionName":"{{name}}","data":{{data}}}""");
        Assert.Equal(0, (await server.Ok("collections/get_stats", $$"""{"collectionName":"{{name}}"}""")).GetProperty("rowCount").GetInt32());
    }

    [Fact]
    public async Task Keys_outside_the_schema_need_a_dynamic_field()
    {
        var name = server.Name();
        await server.Ok("collections/create", $$$"""{"collectionName":"{{{name}}}","dimension":2,"autoId":true,"params":{"enableDynamicField":false}}""");
        await server.Refused(1804, "has the key color", "entities/insert", $$"""{"collectionName":"{{name}}","data":[{"vector":[1,0],"color":1}]}""");
        var written = await server.Ok("entities/insert", $$"""{"collectionName":"{{name}}","data":[{"vector":[1,0]}]}""");
        Assert.Equal(1, written.GetProperty("insertIds").GetArrayLength());
    }

    [Fact]
    public async Task Upsert_replaces_whole_or_in_part_and_delete_removes()
    {
        var name = await Three();
        var written = await server.Ok("entities/upsert", $$"""{"collectionName":"{{name}}","data":[{"id":1,"vector":[9,9],"n":10}]}""", Numbers);
        Assert.Equal("""{"upsertCount":1,"upsertIds":[1]}""", written.GetRawText());
        await server.Ok("entities/upsert", $$"""{"collectionName":"{{name}}","partialUpdate":true,"data":[{"id":2,"n":20}]}""");
        var rows = await server.Ok("entities/query", $$"""{"collectionName":"{{name}}","filter":"id <= 2"}""", Numbers);
        Assert.Equal("""[{"id":1,"vector":[9,9],"n":10},{"id":2,"vector":[2,0],"n":20}]""", rows.GetRawText());
        var deleted = await server.Ok("entities/delete", $$$"""{"collectionName":"{{{name}}}","filter":"id in {keys}","exprParams":{"keys":[1,2]}}""");
        Assert.Equal(2, deleted.GetProperty("deleteCount").GetInt32());
        var count = await server.Ok("entities/query", $$"""{"collectionName":"{{name}}","outputFields":["count(*)"]}""", Numbers);
        Assert.Equal("""[{"count(*)":1}]""", count.GetRawText());
    }

    [Fact]
    public async Task Truncate_and_flush_leave_the_counts_right()
    {
        var name = await Three();
        var body = $$"""{"collectionName":"{{name}}"}""";
        await server.Ok("collections/flush", body);
        Assert.Equal(3, (await server.Ok("collections/get_stats", body)).GetProperty("rowCount").GetInt32());
        await server.Ok("collections/truncate", body);
        Assert.Equal(0, (await server.Ok("collections/get_stats", body)).GetProperty("rowCount").GetInt32());
    }

    [Fact]
    public async Task Query_has_a_window()
    {
        var name = await Three();
        var rows = await server.Ok("entities/query", $$"""{"collectionName":"{{name}}","limit":1,"offset":1,"outputFields":["n"]}""", Numbers);
        Assert.Equal("""[{"n":2,"id":2}]""", rows.GetRawText());
        await server.Refused(1100, "limit", "entities/query", $$"""{"collectionName":"{{name}}","limit":-1}""");
        await server.Refused(1806, "is no Int64 for the primary key id", "entities/get", $$"""{"collectionName":"{{name}}","id":["x"]}""");
    }

    [Fact]
    public async Task Search_answers_hits_of_every_query_best_first()
    {
        var name = await Three();
        var (_, answer) = await server.Post(
            "entities/search",
            $$$"""{"collectionName":"{{{name}}}","data":[[1,0],[3,0]],"limit":2,"outputFields":["n"],"filter":"n != {x}","exprParams":{"x":2},"searchParams":{"metricType":"L2","params":{"ef":50}} }""",
            Numbers);
        Assert.Equal("""{"code":0,"data":[{"n":1,"id":1,"distance":0},{"n":3,"id":3,"distance":4},{"n":3,"id":3,"distance":0},{"n":1,"id":1,"distance":4}],"topks":[2,2]}""", answer.GetRawText());
    }

    [Fact]
    public async Task Search_takes_a_range_an_offset_groups_and_keys()
    {
        var name = await Three();
        Assert.Equal("[2,3]", await Found($$$"""{"collectionName":"{{{name}}}","data":[[1,0]],"searchParams":{"params":{"radius":5,"range_filter":0.5}} }"""));
        Assert.Equal("[2]", await Found($$"""{"collectionName":"{{name}}","data":[[1,0]],"limit":1,"offset":1}"""));
        Assert.Equal("[3,2,1]", await Found($$"""{"collectionName":"{{name}}","ids":[3]}"""));
        Assert.Equal("[1,2,3]", await Found($$"""{"collectionName":"{{name}}","data":[[1,0]],"groupingField":"id","groupSize":1}"""));
    }

    [Theory]
    [InlineData(1802, "data", "")]
    [InlineData(1801, "cannot find a vector field named: w", ""","data":[[1,0]],"annsField":"w" """)]
    [InlineData(1801, "vector 0 of data", ""","data":[1,0]""")]
    [InlineData(1801, "the dimension needs 2", ""","data":[[1]]""")]
    [InlineData(1100, "consistencyLevel can only be", ""","data":[[1,0]],"consistencyLevel":"none" """)]
    [InlineData(1100, "metric type not match", ""","data":[[1,0]],"searchParams":{"metricType":"IP"}""")]
    [InlineData(1801, "exprParams.x", ""","data":[[1,0]],"exprParams":{"x":{}}""")]
    [InlineData(10, "functionScore", ""","data":[[1,0]],"functionScore":{"functions":[{"name":"f"}]}""")]
    public async Task Bad_searches_are_refused(int code, string part, string rest)
    {
        var name = await Three();
        await server.Refused(code, part, "entities/search", $$"""{"collectionName":"{{name}}"{{rest}}}""");
    }

    [Theory]
    [InlineData("hybrid_search", """{"strategy":"rrf","params":{"k":10}}""")]
    [InlineData("advanced_search", """{"strategy":"weighted","params":{"weights":[0.9,0.1],"norm_score":true}}""")]
    public async Task Hybrid_search_fuses_its_parts(string path, string rerank)
    {
        var name = await Three();
        var hits = await server.Ok(
            $"entities/{path}",
            $$"""{"collectionName":"{{name}}","search":[{"data":[[1,0]],"annsField":"vector","limit":3},{"data":[[1,0]],"filter":"n > 1"}],"rerank":{{rerank}},"limit":2,"outputFields":["n"]}""",
            Numbers);
        Assert.Equal(2, hits.GetArrayLength());
        Assert.Contains(2, hits.EnumerateArray().Select(h => h.GetProperty("n").GetInt32()));
        await server.Refused(1801, "search 0: vector 0", $"entities/{path}", $$"""{"collectionName":"{{name}}","search":[{"data":[[1]]}],"rerank":{{rerank}}}""");
    }

    [Fact]
    public async Task A_released_collection_is_not_searched()
    {
        var name = await Three();
        await server.Ok("collections/release", $$"""{"collectionName":"{{name}}"}""");
        await server.Refused(101, "collection not loaded", "entities/search", $$"""{"collectionName":"{{name}}","data":[[1,0]]}""");
    }

    private async Task<string> Found(string body) =>
        JsonSerializer.Serialize((await server.Ok("entities/search", body, Numbers)).EnumerateArray().Select(h => h.GetProperty("id").GetInt32()));

    /// <summary>Rows 1 to 3, each with the vector (id, 0) and a dynamic key n of the same number.</summary>
    private async Task<string> Three()
    {
        var name = await server.Quick();
        await server.Ok("entities/insert", $$"""{"collectionName":"{{name}}","data":[{"id":1,"vector":[1,0],"n":1},{"id":2,"vector":[2,0],"n":2},{"id":3,"vector":[3,0],"n":3}]}""");
        return name;
    }
}
