using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Schema;
using Google.Protobuf;

namespace Elanus.Milvus.Tests.Calls;

public sealed class ReadAndWriteCallsTests(Standalone node) : IClassFixture<Standalone>
{
    private static readonly Protocol.Schema.FieldSchema Title =
        new() { Name = "title", DataType = Protocol.Schema.DataType.VarChar, Nullable = true, TypeParams = { Standalone.Pair("max_length", "32") } };

    [Fact]
    public async Task Inserted_rows_come_back_by_query_in_the_order_of_their_keys()
    {
        var name = await node.Collection(dynamic: true, loaded: true, Title);
        var written = await node.Insert(name, [3, 1, 2], Standalone.Texts("title", "c", "a", "b"), Standalone.Meta("""{"n":3}""", """{"n":1}""", """{"n":2}"""));
        Assert.Equal((3L, 0L), (written.InsertCnt, written.DeleteCnt));
        Assert.Equal([3L, 1L, 2L], written.IDs.IntId.Data);
        Assert.Equal([0u, 1u, 2u], written.SuccIndex);
        Assert.True(written.Timestamp > 0);

        var found = await Query(name, "n >= 2", "*");

        Assert.Equal("id", found.PrimaryFieldName);
        Assert.Equal([2L, 3L], Column(found, "id").Scalars.LongData.Data);
        Assert.Equal(["b", "c"], Column(found, "title").Scalars.StringData.Data);
        Assert.Equal([2f, 0f, 3f, 0f], Column(found, "v").Vectors.FloatVector.Data);
        Assert.Equal(["""{"n":2}""", """{"n":3}"""], Column(found, "$meta").Scalars.JsonData.Data.Select(d => d.ToStringUtf8()));
        Assert.True(Column(found, "$meta").IsDynamic);
        Assert.True(found.SessionTs >= written.Timestamp);
    }

    [Fact]
    public async Task Null_rows_keep_their_place_in_either_form_of_the_client()
    {
        var name = await node.Collection(dynamic: false, loaded: true, Title);
        var compact = Standalone.Texts("title", "b");
        compact.ValidData.AddRange([false, true]);
        await node.Insert(name, [1, 2], compact);
        var padded = Standalone.Texts("title", "", "d");
        padded.ValidData.AddRange([false, true]);
        await node.Insert(name, [3, 4], padded);
        await node.Insert(name, [5]);

        var titles = Column(await Query(name, "id > 0", "title"), "title");

        Assert.Equal([false, true, false, true, false], titles.ValidData);
        Assert.Equal(["", "b", "", "d", ""], titles.Scalars.StringData.Data);
    }

    [Fact]
    public async Task A_query_leaves_growing_rows_out_where_it_is_asked_to()
    {
        var name = await node.Collection();
        await node.Insert(name, [1, 2]);
        await new FlushCalls(node.Proxy, TimeProvider.System).Flush(new() { CollectionNames = { name } }, Standalone.Scope);
        await node.Insert(name, [3]);

        Assert.Equal([1, 2, 3], await Keys("false"));
        Assert.Equal([1, 2], await Keys("true"));

        async Task<IEnumerable<long>> Keys(string ignoreGrowing)
        {
            var reply = await node.Queries.Query(
                new() { CollectionName = name, Expr = "id > 0", OutputFields = { "id" }, QueryParams = { Standalone.Pair("ignore_growing", ignoreGrowing) } }, Standalone.Scope);
            Standalone.Ok(reply.Status);
            return reply.FieldsData[0].Scalars.LongData.Data;
        }
    }

    [Fact]
    public async Task Counting_limits_and_offsets()
    {
        var name = await node.Collection();
        await node.Insert(name, [1, 2, 3, 4, 5]);
        Assert.Equal([5L], Column(await Query(name, "", "count(*)"), "count(*)").Scalars.LongData.Data);
        var page = await node.Queries.Query(
            new() { CollectionName = name, OutputFields = { "id" }, QueryParams = { Standalone.Pair("limit", "2"), Standalone.Pair("offset", "1") } }, Standalone.Scope);
        Assert.Equal([2L, 3L], Column(page, "id").Scalars.LongData.Data);
        var none = await node.Queries.Query(new() { CollectionName = name }, Standalone.Scope);
        Standalone.Refused(1100, "empty expression should be used with limit", none.Status);
    }

    [Fact]
    public async Task Templates_fill_expressions()
    {
        var name = await node.Collection();
        await node.Insert(name, [1, 2, 3]);
        var request = new QueryRequest { CollectionName = name, Expr = "id in {keys} and id < {most}", OutputFields = { "id" } };
        request.ExprTemplateValues["keys"] = new() { ArrayVal = new() { LongData = new() { Data = { 1, 3 } } } };
        request.ExprTemplateValues["most"] = new() { Int64Val = 3 };
        Assert.Equal([1L], Column(await node.Queries.Query(request, Standalone.Scope), "id").Scalars.LongData.Data);

        request.ExprTemplateValues["most"] = new();
        Standalone.Refused(1100, "most", (await node.Queries.Query(request, Standalone.Scope)).Status);
    }

    [Fact]
    public async Task A_search_returns_flat_scores_cut_by_query()
    {
        var name = await node.Collection(dynamic: false, loaded: true, Title);
        await node.Insert(name, [1, 2, 3], Standalone.Texts("title", "a", "b", "c"));
        var request = Search(name, 2, [1f, 0f], [3f, 0f]);
        request.OutputFields.Add("title");

        var reply = await node.Search(request.ToByteArray(), Standalone.Scope);

        Standalone.Ok(reply.Status);
        Assert.Equal((2L, "id"), (reply.Results.NumQueries, reply.Results.PrimaryFieldName));
        Assert.Equal([2L, 2L], reply.Results.Topks);
        Assert.Equal([1L, 2L, 3L, 2L], reply.Results.Ids.IntId.Data);
        Assert.Equal([0f, 1f, 0f, 1f], reply.Results.Scores);
        Assert.Equal(["a", "b", "c", "b"], Assert.Single(reply.Results.FieldsData).Scalars.StringData.Data);
        Assert.Equal(["title"], reply.Results.OutputFields);
        Assert.Null(reply.Results.SearchIteratorV2Results);
    }

    [Fact]
    public async Task A_search_without_hits_still_has_results()
    {
        var name = await node.Collection();
        var reply = await node.Search(Search(name, 2, [1f, 0f]).ToByteArray(), Standalone.Scope);
        Standalone.Ok(reply.Status);
        Assert.Equal([0L], reply.Results.Topks);
        Assert.Empty(reply.Results.Scores);
        Assert.NotNull(reply.Results.Ids.IntId);
    }

    [Fact]
    public async Task Searches_group_page_round_and_go_by_key()
    {
        var name = await node.Collection(dynamic: false, loaded: true, Title);
        await node.Insert(name, [1, 2, 3, 4], Standalone.Texts("title", "a", "a", "b", "b"));

        var grouped = Search(name, 2, [0f, 0f]);
        grouped.SearchParams.Add(Standalone.Pair("group_by_field", "title"));
        var groups = await node.Search(grouped.ToByteArray(), Standalone.Scope);
        Assert.Equal([1L, 3L], groups.Results.Ids.IntId.Data);
        Assert.Equal(["a", "b"], groups.Results.GroupByFieldValue.Scalars.StringData.Data);

        var paged = Search(name, 2, [0f, 0f]);
        paged.SearchParams.Add(Standalone.Pair("offset", "1"));
        Assert.Equal([2L, 3L], (await node.Search(paged.ToByteArray(), Standalone.Scope)).Results.Ids.IntId.Data);

        var rounded = Search(name, 1, [0.123456f, 0f]);
        rounded.SearchParams.Add(Standalone.Pair("round_decimal", "2"));
        Assert.Equal([0.77f], (await node.Search(rounded.ToByteArray(), Standalone.Scope)).Results.Scores);

        var byKey = new SearchRequest { CollectionName = name, Nq = 1, Ids = new() { IntId = new() { Data = { 3 } } }, SearchParams = { Standalone.Pair("topk", "1") } };
        Assert.Equal([3L], (await node.Search(byKey.ToByteArray(), Standalone.Scope)).Results.Ids.IntId.Data);
    }

    [Fact]
    public async Task An_iteration_goes_on_at_the_bound_it_is_given()
    {
        var name = await node.Collection();
        await node.Insert(name, [1, 2, 3, 4, 5]);
        var seen = new List<long>();
        var (token, bound) = ("", "");
        for (var step = 0; step < 4; step++)
        {
            var request = Search(name, 2, [0f, 0f]);
            request.SearchParams.AddRange(
            [
                Standalone.Pair("iterator", "true"), Standalone.Pair("search_iter_v2", "true"), Standalone.Pair("search_iter_batch_size", "2"),
                Standalone.Pair("search_iter_id", token), Standalone.Pair("search_iter_last_bound", bound),
            ]);
            var reply = await node.Search(request.ToByteArray(), Standalone.Scope);
            Standalone.Ok(reply.Status);
            seen.AddRange(reply.Results.Ids.IntId.Data);
            var next = reply.Results.SearchIteratorV2Results;
            (token, bound) = (next.Token, next.LastBound.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.Equal([1L, 2L, 3L, 4L, 5L], seen);
    }

    [Fact]
    public async Task Hybrid_searches_fuse_by_rank_and_by_weight()
    {
        var second = new Protocol.Schema.FieldSchema { Name = "w", DataType = Protocol.Schema.DataType.FloatVector, TypeParams = { Standalone.Pair("dim", "1") } };
        var name = await node.Collection(dynamic: false, loaded: false, second);
        foreach (var field in (string[])["v", "w"])
        {
            Standalone.Ok(await node.Indexes.Create(new() { CollectionName = name, FieldName = field, ExtraParams = { Standalone.Pair("index_type", "FLAT"), Standalone.Pair("metric_type", "L2") } }, Standalone.Scope));
        }

        Standalone.Ok(await node.Loads.LoadCollection(new() { CollectionName = name }, Standalone.Scope));
        await node.Insert(name, [1, 2, 3], Standalone.Floats("w", 1, [3f, 2f, 2.5f]));
        var request = new HybridSearchRequest
        {
            CollectionName = name,
            OutputFields = { "id" },
            Requests = { Part("v", [1f, 0f]), Part("w", [2f]) },
            RankParams = { Standalone.Pair("strategy", "rrf"), Standalone.Pair("params", """{"k":60}"""), Standalone.Pair("limit", "2") },
        };

        var ranked = await node.Hybrid(request, Standalone.Scope);
        Standalone.Ok(ranked.Status);
        Assert.Equal([2L, 1L], ranked.Results.Ids.IntId.Data);

        request.RankParams[0].Value = "weighted";
        request.RankParams[1].Value = """{"weights":[1,0],"norm_score":true}""";
        Assert.Equal([1L, 2L], (await node.Hybrid(request, Standalone.Scope)).Results.Ids.IntId.Data);

        request.RankParams[1].Value = """{"weights":[1]}""";
        Standalone.Refused(1100, "the length of weights param mismatch", (await node.Hybrid(request, Standalone.Scope)).Status);
        request.RankParams[0].Value = "magic";
        Standalone.Refused(65535, "unsupported rank type magic", (await node.Hybrid(request, Standalone.Scope)).Status);

        request.RankParams[0].Value = "rrf";
        request.RankParams[1].Value = """{"k":60}""";
        request.Requests[1] = Part("w", [2f], [3f]);
        Standalone.Refused(1100, "nq should be the same in all searches of a hybrid search, got 1 and 2", (await node.Hybrid(request, Standalone.Scope)).Status);

        static SearchRequest Part(string field, params float[][] queries) =>
            new() { Nq = queries.Length, PlaceholderGroup = Standalone.Vectors(queries), SearchParams = { Standalone.Pair("anns_field", field), Standalone.Pair("topk", "3") } };
    }

    [Fact]
    public async Task Wrong_searches_are_refused_in_Milvus_words()
    {
        var name = await node.Collection();
        Standalone.Refused(65535, "topk [0] is invalid, it should be in range [1, 16384], but got 0", await Status(Search(name, 0, [0f, 0f])));
        Standalone.Refused(65535, "vector dimension mismatch, expected vector size(byte) 8, actual 12", await Status(Search(name, 1, [0f, 0f, 0f])));
        Standalone.Refused(100, "collection not found", await Status(Search("nowhere", 1, [0f, 0f])));
        var field = Search(name, 1, [0f, 0f]);
        field.SearchParams.Add(Standalone.Pair("anns_field", "nothing"));
        Standalone.Refused(1100, "fieldName(nothing) not found", await Status(field));
        var score = Search(name, 1, [0f, 0f]);
        score.FunctionScore = new() { Functions = { new FunctionSchema { Name = "decay", Type = FunctionType.Rerank } } };
        Standalone.Refused(10, "decay", await Status(score));
        var stale = Search(name, 1, [0f, 0f]);
        stale.SearchParams.Add(Standalone.Pair("collection_id", "1"));
        Standalone.Refused(1100, "alias or database may have been changed", await Status(stale));
        Standalone.Ok(await node.Loads.ReleaseCollection(new() { CollectionName = name }, Standalone.Scope));
        Standalone.Refused(101, "collection not loaded", await Status(Search(name, 1, [0f, 0f])));

        async Task<Protocol.Common.Status> Status(SearchRequest request) => (await node.Search(request.ToByteArray(), Standalone.Scope)).Status;
    }

    [Fact]
    public async Task Upserts_replace_whole_rows_or_parts()
    {
        var name = await node.Collection(dynamic: false, loaded: true, Title);
        await node.Insert(name, [1, 2], Standalone.Texts("title", "a", "b"));

        var whole = new UpsertRequest { CollectionName = name, NumRows = 1, FieldsData = { Standalone.Longs("id", 1), Standalone.Floats("v", 2, [9f, 0f]), Standalone.Texts("title", "A") } };
        var reply = await node.Writes.Upsert(whole.ToByteArray(), Standalone.Scope);
        Standalone.Ok(reply.Status);
        Assert.Equal((1L, 1L), (reply.UpsertCnt, reply.IDs.IntId.Data[0]));

        var part = new UpsertRequest { CollectionName = name, NumRows = 1, PartialUpdate = true, FieldsData = { Standalone.Longs("id", 2), Standalone.Texts("title", "B") } };
        Standalone.Ok((await node.Writes.Upsert(part.ToByteArray(), Standalone.Scope)).Status);

        var rows = await Query(name, "id > 0", "title", "v");
        Assert.Equal(["A", "B"], Column(rows, "title").Scalars.StringData.Data);
        Assert.Equal([9f, 0f, 2f, 0f], Column(rows, "v").Vectors.FloatVector.Data);
    }

    [Fact]
    public async Task Deletes_go_by_expression()
    {
        var name = await node.Collection();
        await node.Insert(name, [1, 2, 3]);
        var reply = await node.Writes.Delete(new() { CollectionName = name, Expr = "id in [1, 3]" }, Standalone.Scope);
        Standalone.Ok(reply.Status);
        Assert.Equal(2, reply.DeleteCnt);
        Assert.Equal([2L], Column(await Query(name, "id > 0", "id"), "id").Scalars.LongData.Data);
        Standalone.Refused(1100, "expression should not be empty", (await node.Writes.Delete(new() { CollectionName = name }, Standalone.Scope)).Status);
    }

    [Fact]
    public async Task A_refused_insert_names_every_row_and_writes_none()
    {
        var name = await node.Collection();
        var request = new InsertRequest { CollectionName = name, NumRows = 2, FieldsData = { Standalone.Longs("id", 1, 2), Standalone.Floats("v", 3, [1, 2, 3, 4, 5, 6]) } };
        var reply = await node.Writes.Insert(request.ToByteArray(), Standalone.Scope);
        Standalone.Refused(1100, "the dim (3) of field data(v) is not equal to schema dim (2)", reply.Status);
        Assert.Equal([0u, 1u], reply.ErrIndex);
        Assert.Equal([0L], Column(await Query(name, "", "count(*)"), "count(*)").Scalars.LongData.Data);
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public async Task Numbers_that_are_none_are_refused(double value, string shown)
    {
        var name = await node.Collection(
            false,
            true,
            new Protocol.Schema.FieldSchema { Name = "f", DataType = Protocol.Schema.DataType.Float, Nullable = true },
            new Protocol.Schema.FieldSchema { Name = "d", DataType = Protocol.Schema.DataType.Double, Nullable = true });
        var single = new FieldData { FieldName = "f", Type = Protocol.Schema.DataType.Float, Scalars = new() { FloatData = new() { Data = { 1f, (float)value } } } };
        var twofold = new FieldData { FieldName = "d", Type = Protocol.Schema.DataType.Double, Scalars = new() { DoubleData = new() { Data = { 1d, value } } } };
        foreach (var data in (FieldData[])[single, twofold])
        {
            var request = new InsertRequest { CollectionName = name, NumRows = 2, FieldsData = { Standalone.Longs("id", 1, 2), Standalone.Floats("v", 2, [1, 2, 3, 4]), data } };
            var reply = await node.Writes.Insert(request.ToByteArray(), Standalone.Scope);
            Standalone.Refused(1100, $"field {data.FieldName}, row 1: value '{shown}' is not a number or infinity", reply.Status);
        }
    }

    [Fact]
    public async Task A_stale_schema_is_told_by_code_and_by_name()
    {
        var name = await node.Collection();
        var request = new InsertRequest { CollectionName = name, NumRows = 1, SchemaTimestamp = 7, FieldsData = { Standalone.Longs("id", 1), Standalone.Floats("v", 2, [1, 2]) } };
        var stale = await node.Writes.Insert(request.ToByteArray(), Standalone.Scope);
        Standalone.Refused(109, "collection schema mismatch[collection=" + name, stale.Status);
        Assert.Equal(Protocol.Common.ErrorCode.SchemaMismatch, stale.Status.ErrorCode);

        request.SchemaTimestamp = node.Views.Describe(new() { CollectionName = name }, Standalone.Scope).UpdateTimestamp;
        Standalone.Ok((await node.Writes.Insert(request.ToByteArray(), Standalone.Scope)).Status);
    }

    private static SearchRequest Search(string name, int topK, params float[][] queries) => new()
    {
        CollectionName = name,
        Nq = queries.Length,
        PlaceholderGroup = Standalone.Vectors(queries),
        SearchParams = { Standalone.Pair("topk", topK.ToString(System.Globalization.CultureInfo.InvariantCulture)) },
    };

    private async Task<QueryResults> Query(string name, string filter, params string[] fields)
    {
        var reply = await node.Queries.Query(new() { CollectionName = name, Expr = filter, OutputFields = { fields } }, Standalone.Scope);
        Standalone.Ok(reply.Status);
        return reply;
    }

    private static FieldData Column(QueryResults reply, string name) => reply.FieldsData.Single(f => f.FieldName == name);
}
