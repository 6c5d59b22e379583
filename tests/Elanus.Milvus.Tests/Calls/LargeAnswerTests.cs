using Elanus.Milvus.Protocol;
using Google.Protobuf;

namespace Elanus.Milvus.Tests.Calls;

#pragma warning disable CA1001 // The test runner disposes of the node through IAsyncLifetime.
public sealed class LargeAnswerTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private const int Rows = 3_000;

    private readonly Standalone node = new() { Limits = new() { OutputBytesMax = 100_000, ReadBytesMax = 2 << 20 } };
    private string name = "";

    public async Task InitializeAsync()
    {
        await node.InitializeAsync();
        name = await node.Collection();
        await node.Insert(name, [.. Enumerable.Range(0, Rows).Select(i => (long)i)]);
    }

    public Task DisposeAsync() => node.DisposeAsync();

    [Fact]
    public async Task A_query_that_asks_for_too_much_is_refused_for_good_and_a_smaller_one_answered()
    {
        // Sixteen bytes a row with the vector, eight without.
        Standalone.Ok((await Query("id < 6000", null, "id")).Status);
        Standalone.Ok((await Query("id < 6000", 3_000, "v")).Status);
        await node.Insert(name, [.. Enumerable.Range(Rows, 10_000).Select(i => (long)i)]);
        foreach (var reply in (QueryResults[])[await Query("id >= 0", null, "id"), await Query("id >= 0", 7_000, "v")])
        {
            Standalone.Refused(65535, "query results exceed the maxOutputSize Limit 100000", reply.Status);
            Assert.False(reply.Status.Retriable);
            Assert.Empty(reply.FieldsData);
        }

        Standalone.Ok((await Query("id >= 0", 6_000, "v")).Status);
        Assert.Equal(13_000, (await Query("", null, "count(*)")).FieldsData[0].Scalars.LongData.Data[0]);
    }

    [Fact]
    public async Task A_search_is_refused_for_the_hits_that_it_has_not_for_those_that_it_could_have()
    {
        var queries = Enumerable.Range(0, 50).Select(i => (float[])[i, 0f]).ToArray();
        Standalone.Refused(65535, "search results exceed the maxOutputSize Limit 100000", (await Search(queries, "")).Status);
        Standalone.Refused(65535, "search results exceed the maxOutputSize Limit 100000", (await Search(queries[..5], "", "v")).Status);
        var few = await Search(queries, "id in [1, 2, 3]");
        Standalone.Ok(few.Status);
        Assert.Equal(150, few.Results.Scores.Count);
        Standalone.Ok((await Search(queries[..2], "")).Status);
    }

    [Fact]
    public async Task An_answer_holds_its_memory_until_it_is_sent_and_others_wait()
    {
        var memory = node.Proxy.Context.Memory;
        CallScope[] unsent = [new(), new(), new()];
        foreach (var scope in unsent)
        {
            Standalone.Ok((await Query("id < 2900", null, "v", scope)).Status);
        }

        Assert.True(memory.Answers.Taken > 0);
        var others = Enumerable.Range(0, 20).Select(_ => new CallScope()).Select(async own =>
        {
            Standalone.Ok((await Query("id < 2900", null, "v", own)).Status);
            own.Hold.Dispose();
        }).ToList();
        Assert.DoesNotContain(others, other => other.IsCompleted);
        unsent[0].Hold.Dispose();
        await Task.WhenAll(others);
        unsent[1].Hold.Dispose();
        unsent[2].Hold.Dispose();
        Assert.Equal((0L, 0L), (memory.Finding.Taken, memory.Answers.Taken));
    }

    [Fact]
    public async Task A_refused_or_cancelled_read_holds_nothing()
    {
        var memory = node.Proxy.Context.Memory;
        var scope = new CallScope();
        await Search([.. Enumerable.Range(0, 5).Select(i => (float[])[i, 0f])], "", "v", scope);
        Assert.Equal((0L, 0L), (memory.Finding.Taken, memory.Answers.Taken));
        using var share = (await memory.Answers.Take(2 << 20, CancellationToken.None)).Value;
        using var gone = new CancellationTokenSource();
        var waiting = Query("id < 2900", null, "v", new CallScope { Cancel = gone.Token });
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        share!.Dispose();
        Assert.Equal(0, memory.Answers.Taken);
    }

    private async Task<QueryResults> Query(string filter, int? limit, string field, CallScope? scope = null)
    {
        var request = new QueryRequest { CollectionName = name, Expr = filter, OutputFields = { field } };
        if (limit is { } most)
        {
            request.QueryParams.Add(Standalone.Pair("limit", $"{most}"));
        }

        var own = new CallScope();
        var reply = await node.Queries.Query(request, scope ?? own);
        own.Hold.Dispose();
        return reply;
    }

    private async Task<SearchResults> Search(float[][] queries, string filter, string field = "", CallScope? scope = null)
    {
        var request = new SearchRequest
        {
            CollectionName = name,
            Nq = queries.Length,
            Dsl = filter,
            PlaceholderGroup = Standalone.Vectors(queries),
            SearchParams = { Standalone.Pair("anns_field", "v"), Standalone.Pair("topk", "2000") },
        };
        if (field.Length > 0)
        {
            request.OutputFields.Add(field);
        }

        var own = new CallScope();
        var reply = await node.Search(request.ToByteArray(), scope ?? own);
        own.Hold.Dispose();
        return reply;
    }
}
