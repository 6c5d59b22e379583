using System.Globalization;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Schema;
using Google.Protobuf;

namespace Elanus.Milvus.Tests.Calls;

/// <summary>Search iterators to their end, over a graph: as Node's client asks, which sends back the newest token, and as Python's, which keeps the first.</summary>
public sealed class SearchIterationTests(Standalone node) : IClassFixture<Standalone>
{
    private const int Rows = 10_000;
    private const int Dimension = 8;

    /// <summary>Collections that no test changes, by the values that their vectors have.</summary>
    private static readonly Dictionary<int, (string Name, IReadOnlyDictionary<long, float> Scores)> Filled = [];

    private static readonly float[] Query = [3, 1, 4, 1, 5, 2, 2, 3];

    [Theory]
    [InlineData(1000, 7, true)]
    [InlineData(1000, 900, false)]
    [InlineData(4, 1100, true)]
    [InlineData(4, 1100, false)]
    [InlineData(1, 5000, false)]
    public async Task An_iteration_over_a_graph_meets_every_row_that_passes_the_filter_once_in_order(int values, int batch, bool newestToken)
    {
        var (name, scores) = await Unchanged(values);
        var expected = scores.Where(s => s.Key % 3 != 0).Select(s => (s.Key, Score: s.Value)).OrderBy(s => s.Score).ToList();
        if (batch < 100)
        {
            // Small steps are what walks of the graph serve: only the nearest rows, or the test takes minutes.
            expected = expected[..500];
        }

        var met = await Iterate(name, "id % 3 != 0", batch, newestToken, expected.Count);

        Assert.Equal(expected.Select(e => e.Score), met.Select(m => m.Score).Take(expected.Count));
        Assert.Equal(met.Count, met.DistinctBy(m => m.Key).Count());
        if (batch >= 100)
        {
            Assert.Equal(expected.Select(e => e.Key).Order(), met.Select(m => m.Key).Order());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rows_deleted_on_the_way_are_missed_alone(bool newestToken)
    {
        var (name, scores) = await Graph(4);
        var gone = new HashSet<long>();
        var met = await Iterate(name, "", 700, newestToken, int.MaxValue, async (step, batch) =>
        {
            // The last row of the batch, on which the next step builds, and many that are still to come or were met.
            long[] keys = [batch[^1].Key, .. Enumerable.Range(0, 50).Select(i => (long)((i * 211) + step) % Rows)];
            gone.UnionWith(keys);
            Standalone.Ok((await node.Writes.Delete(new() { CollectionName = name, Expr = $"id in [{string.Join(",", keys)}]" }, Standalone.Scope)).Status);
        });

        Assert.Equal(met.Count, met.DistinctBy(m => m.Key).Count());
        Assert.Equal(met.Select(m => m.Score).Order(), met.Select(m => m.Score));
        Assert.Empty(scores.Keys.Except(gone).Except(met.Select(m => m.Key)));
    }

    [Fact]
    public async Task A_limit_that_ends_among_rows_of_one_score_is_kept_in_the_first_step_and_from_the_third_on()
    {
        var (name, _) = await Unchanged(1);
        var first = await Step(name, "", 5, "", null);
        Assert.Equal(5, first.Scores.Count);
        var second = await Step(name, "", 5, first.SearchIteratorV2Results.Token, first.SearchIteratorV2Results.LastBound);
        Assert.Equal(Rows - 5, second.Scores.Count);
        var (other, _) = await Unchanged(4);
        first = await Step(other, "", 5, "", null);
        second = await Step(other, "", 5, first.SearchIteratorV2Results.Token, first.SearchIteratorV2Results.LastBound);
        var third = await Step(other, "", 5, second.SearchIteratorV2Results.Token, second.SearchIteratorV2Results.LastBound);
        Assert.Equal(5, third.Scores.Count);
        Assert.Empty(third.Ids.IntId.Data.Intersect(second.Ids.IntId.Data.Concat(first.Ids.IntId.Data)));
    }

    [Theory]
    [InlineData("made-elsewhere")]
    [InlineData("a.1.41200000.t.AAAA")]
    [InlineData("a.1.41200000.n.x")]
    [InlineData("a.-1.41200000.n.1")]
    public async Task A_token_from_elsewhere_only_names_the_iteration(string token)
    {
        var name = await node.Collection();
        await node.Insert(name, [1, 2, 3, 4]);
        var step = await Step(name, "", 2, token, 4, [0f, 0f]);
        Assert.Equal([3L, 4L], step.Ids.IntId.Data);
    }

    private async Task<List<(long Key, float Score)>> Iterate(
        string name, string filter, int batch, bool newestToken, int enough, Func<int, List<(long Key, float Score)>, Task>? between = null)
    {
        var met = new List<(long Key, float Score)>();
        var (token, first, bound) = ("", "", default(float?));
        for (var step = 0; met.Count < enough; step++)
        {
            var results = await Step(name, filter, batch, newestToken ? token : first, bound);
            if (results.Scores.Count == 0)
            {
                break;
            }

            List<(long Key, float Score)> hits = [.. results.Ids.IntId.Data.Zip(results.Scores)];
            met.AddRange(hits);
            token = results.SearchIteratorV2Results.Token;
            first = first.Length > 0 ? first : token;
            bound = results.SearchIteratorV2Results.LastBound;
            await (between?.Invoke(step, hits) ?? Task.CompletedTask);
        }

        return met;
    }

    private async Task<SearchResultData> Step(string name, string filter, int batch, string token, float? bound, float[]? query = null)
    {
        var reply = await node.Search(
            new SearchRequest
            {
                CollectionName = name,
                Dsl = filter,
                PlaceholderGroup = Standalone.Vectors(query ?? Query),
                SearchParams =
                {
                    Standalone.Pair("anns_field", query is null ? "w" : "v"), Standalone.Pair("topk", $"{batch}"),
                    Standalone.Pair("iterator", "true"), Standalone.Pair("search_iter_v2", "true"), Standalone.Pair("search_iter_batch_size", $"{batch}"),
                    Standalone.Pair("search_iter_id", token), Standalone.Pair("search_iter_last_bound", bound?.ToString(CultureInfo.InvariantCulture) ?? ""),
                },
            }.ToByteArray(),
            Standalone.Scope);
        Standalone.Ok(reply.Status);
        return reply.Results;
    }

    private async Task<(string Name, IReadOnlyDictionary<long, float> Scores)> Unchanged(int values) =>
        Filled.TryGetValue(values, out var filled) ? filled : Filled[values] = await Graph(values);

    /// <summary>A collection whose rows lie in one segment with a graph, a coarse one, and the distance of each from the query.</summary>
    private async Task<(string Name, IReadOnlyDictionary<long, float> Scores)> Graph(int values)
    {
        var field = new Protocol.Schema.FieldSchema { Name = "w", DataType = Protocol.Schema.DataType.FloatVector, TypeParams = { Standalone.Pair("dim", $"{Dimension}") } };
        var name = await node.Collection(dynamic: false, loaded: false, field);
        Standalone.Ok(await node.Indexes.Create(new() { CollectionName = name, FieldName = "v", ExtraParams = { Standalone.Pair("index_type", "FLAT"), Standalone.Pair("metric_type", "L2") } }, Standalone.Scope));
        Standalone.Ok(await node.Indexes.Create(
            new()
            {
                CollectionName = name,
                FieldName = "w",
                ExtraParams = { Standalone.Pair("index_type", "HNSW"), Standalone.Pair("metric_type", "L2"), Standalone.Pair("params", """{"M":2,"efConstruction":4}""") },
            },
            Standalone.Scope));
        Standalone.Ok(await node.Loads.LoadCollection(new() { CollectionName = name }, Standalone.Scope));

        var random = new Random(values);
        var vectors = Enumerable.Range(0, Rows * Dimension).Select(_ => (float)random.Next(values)).ToArray();
        await node.Insert(name, [.. Enumerable.Range(0, Rows).Select(i => (long)i)], Standalone.Floats("w", Dimension, vectors));
        await new FlushCalls(node.Proxy, TimeProvider.System).Flush(new() { CollectionNames = { name } }, Standalone.Scope);
        Assert.True(node.Proxy.Context.Collection(DatabaseInfo.DefaultName, name).TryGet(out var collection, out _));
        while ((await node.Proxy.Inspection.Statistics(collection, CancellationToken.None)).Value.Segments is not [{ Indexes.Length: 1 }])
        {
            await Task.Delay(50);
        }

        return (name, Enumerable.Range(0, Rows).ToDictionary(
            i => (long)i,
            i => Enumerable.Range(0, Dimension).Sum(d => (vectors[(i * Dimension) + d] - Query[d]) * (vectors[(i * Dimension) + d] - Query[d]))));
    }
}
