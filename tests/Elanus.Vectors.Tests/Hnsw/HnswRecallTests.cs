using Elanus.Primitives;

namespace Elanus.Vectors.Tests;

public class HnswRecallTests(BuiltGraph built) : IClassFixture<BuiltGraph>
{
    [Fact]
    public void Most_of_the_ten_nearest_are_found()
    {
        var recall = BuiltGraph.Recall(built.Graph, built.Space, built.Rows, built.Queries, new() { K = 10, Ef = 64 });
        Assert.True(recall >= 0.95, $"recall {recall}");
    }

    [Theory]
    [InlineData(100)]
    [InlineData(10)]
    [InlineData(4)]
    [InlineData(2)]
    public void Most_are_found_under_a_filter_that_keeps_one_row_in(int n)
    {
        var allowed = BuiltGraph.EveryNth(BuiltGraph.Count, n);
        var request = new SearchRequest { K = 10, Ef = 64, Allowed = allowed };
        var recall = BuiltGraph.Recall(built.Graph, built.Space, built.Rows, built.Queries, request);
        Assert.True(recall >= 0.95, $"recall {recall}");
        Assert.All(built.Graph.Search(built.Queries.Bytes, request, CancellationToken.None).SelectMany(h => h), h => Assert.True(allowed[h.Row]));
    }

    [Fact]
    public void Scores_and_their_order_are_exact()
    {
        foreach (var hits in built.Graph.Search(built.Queries.Bytes, new() { K = 100, Ef = 100 }, CancellationToken.None))
        {
            Assert.Equal(100, hits.Length);
            Assert.Equal(hits.OrderBy(h => h.Score).ThenBy(h => h.Row), hits);
        }

        var query = built.Queries.Row(0);
        foreach (var hit in built.Graph.Search(query, new() { K = 100, Ef = 100 }, CancellationToken.None)[0])
        {
            Assert.Equal(Reference.Score(built.Space, query, built.Rows.Row(hit.Row)), hit.Score);
        }
    }

    [Fact]
    public void A_range_search_stays_in_its_bounds_and_lengthens_its_walk_to_fill_them()
    {
        for (var q = 0; q < 20; q++)
        {
            var query = built.Queries.Row(q);
            var all = FlatSearch.Search(built.Space, [built.Rows.Block], query, new() { K = 1000 }, CancellationToken.None)[0];
            var request = new SearchRequest { K = 1000, Ef = 16, RangeFilter = all[50].Score, Radius = all[450].Score };
            var expected = FlatSearch.Search(built.Space, [built.Rows.Block], query, request, CancellationToken.None)[0];
            var found = built.Graph.Search(query, request with { K = 400 }, CancellationToken.None)[0];
            Assert.Equal(400, expected.Length);
            Assert.All(found, h => Assert.True(h.Score >= request.RangeFilter && h.Score < request.Radius));
            Assert.True(found.Intersect(expected).Count() >= 380, $"{found.Length} found");
        }
    }

    [Fact]
    public void Pages_of_an_iterator_meet_nearly_every_near_row_once()
    {
        var query = built.Queries.Row(3);
        var request = new SearchRequest { K = 50, Ef = 64 };
        var met = new List<Hit>();
        for (var page = 0; page < 10; page++)
        {
            var hits = built.Graph.Search(query, request, CancellationToken.None)[0];
            Assert.Equal(50, hits.Length);
            met.AddRange(hits);
            request = request.WorseThan(MetricType.L2, hits[^1].Score);
        }

        Assert.Equal(met.Count, met.Select(h => h.Row).Distinct().Count());
        var exact = FlatSearch.Search(built.Space, [built.Rows.Block], query, new() { K = 500 }, CancellationToken.None)[0];
        Assert.True(exact.Intersect(met).Count() >= 475);
    }

    [Fact]
    public void A_filter_that_lets_nothing_through_finds_nothing() =>
        Assert.Empty(built.Graph.Search(
            built.Queries.Row(0), new() { K = 10, Allowed = new Bitset(BuiltGraph.Count) }, CancellationToken.None)[0]);

    [Fact]
    public void A_walk_that_meets_no_allowed_row_for_long_ends_as_a_scan()
    {
        // Only the rows farthest from the query are allowed: the walk would have to cross the whole graph.
        var query = built.Queries.Row(5);
        var all = FlatSearch.Search(built.Space, [built.Rows.Block], query, new() { K = BuiltGraph.Count }, CancellationToken.None)[0];
        var allowed = new Bitset(BuiltGraph.Count);
        foreach (var hit in all[^8000..])
        {
            allowed[hit.Row] = true;
        }

        var request = new SearchRequest { K = 10, Ef = 10, Allowed = allowed };
        Assert.Equal(all[^8000..^7990], built.Graph.Search(query, request, CancellationToken.None)[0]);
    }
}
