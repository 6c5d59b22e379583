using Elanus.Vectors;

namespace Elanus.Roles.Tests;

public sealed class SearchRulesTests
{
    [Theory]
    [InlineData("{\"ef\": 10, \"nprobe\": \"8\"}", true)]
    [InlineData("{\"radius\": 1, \"range_filter\": 0.5}", true)]
    [InlineData("", true)]
    [InlineData("{\"ef\": 0}", false)]
    [InlineData("{\"range_filter\": 0.5}", false)]
    [InlineData("{\"radius\": \"near\"}", false)]
    [InlineData("[1]", false)]
    [InlineData("{", false)]
    public void Parameters_are_read_or_refused_with_a_sentence(string json, bool good)
    {
        var read = SearchRules.Read(json, MetricType.L2);
        Assert.Equal(good, read.Succeeded);
        Assert.True(good || read.Failure!.Sentence.Length > 10);
    }

    [Theory]
    [InlineData("HNSW", "{\"ef\": 9}", true)]
    [InlineData("HNSW_SQ", "{\"ef\": 9}", true)]
    [InlineData("HNSW", "{\"ef\": 10}", false)]
    [InlineData("HNSW", "{}", false)]
    [InlineData("HNSW", "{\"ef\": 9, \"radius\": 2}", false)]
    [InlineData("FLAT", "{\"ef\": 9}", false)]
    public void A_graph_search_that_is_narrower_than_its_hits_is_refused_as_Milvus_does(string type, string json, bool refused) =>
        Assert.Equal(refused ? "ef(9) should be larger than k(10)" : null, SearchRules.Read(json, MetricType.L2).Value.CheckBreadth(type, 10)?.Sentence);

    [Fact]
    public void The_range_lies_between_the_bounds_in_the_direction_of_the_metric()
    {
        Assert.Null(SearchRules.CheckRange(MetricType.L2, radius: 2, rangeFilter: 1));
        Assert.Null(SearchRules.CheckRange(MetricType.Ip, radius: 1, rangeFilter: 2));
        Assert.Contains("less than radius", SearchRules.CheckRange(MetricType.L2, 1, 2)!.Sentence, StringComparison.Ordinal);
        Assert.Contains("greater than radius", SearchRules.CheckRange(MetricType.Cosine, 0.9f, 0.1f)!.Sentence, StringComparison.Ordinal);
    }
}
