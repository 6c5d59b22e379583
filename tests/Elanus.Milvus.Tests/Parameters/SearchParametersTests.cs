using FsCheck;
using FsCheck.Fluent;

namespace Elanus.Milvus.Tests.Parameters;

public sealed class SearchParametersTests
{
    private const long ResultsMax = 16_384;

    [Fact]
    public void What_the_Node_client_sends_is_read()
    {
        // That client flattens params beside the JSON form, and writes booleans and numbers as text.
        var read = SearchParameters.Read(
            Pairs.Of(
                ("anns_field", "vector"), ("params", """{"ef":64,"round_decimal":2}"""), ("topk", "10"), ("offset", "5"),
                ("metric_type", "COSINE"), ("ignore_growing", "false"), ("group_by_field", "tag"), ("strict_group_size", "true"),
                ("group_size", "3"), ("ef", "64"), ("round_decimal", "2")),
            ResultsMax).Value;

        Assert.Equal(("vector", 10L, 5L, "COSINE", 2, false), (read.Field, read.TopK, read.Offset, read.Metric, read.RoundDecimal, read.IgnoreGrowing));
        Assert.Equal("""{"ef":64,"round_decimal":2}""", read.Params);
        Assert.Equal(new Grouping("tag", 3, true), read.Grouping);
        Assert.Null(read.Iterator);
    }

    [Fact]
    public void Only_topk_is_required()
    {
        var read = SearchParameters.Read(Pairs.Of(("topk", "7")), ResultsMax).Value;
        Assert.Equal(new SearchParameters { TopK = 7 }, read);
        Assert.Equal("topk is required", Sentence([]));
    }

    [Theory]
    [InlineData("topk", "0", "topk [0] is invalid, it should be in range [1, 16384], but got 0")]
    [InlineData("topk", "-1", "topk [-1] is invalid, it should be in range [1, 16384], but got -1")]
    [InlineData("topk", "16385", "topk [16385] is invalid, it should be in range [1, 16384], but got 16385")]
    [InlineData("topk", "ten", "topk [ten] is invalid")]
    [InlineData("offset", "-1", "offset [-1] is invalid, it should be in range [1, 16384], but got -1")]
    [InlineData("offset", "16385", "offset [16385] is invalid, it should be in range [1, 16384], but got 16385")]
    [InlineData("offset", "", "offset [] is invalid")]
    [InlineData("offset", "16380", "offset+topk [16390] is invalid, it should be in range [1, 16384], but got 16390")]
    [InlineData("round_decimal", "7", "round_decimal [7] is invalid, should be -1 or an integer in range [0, 6]")]
    [InlineData("round_decimal", "-2", "round_decimal [-2] is invalid, should be -1 or an integer in range [0, 6]")]
    [InlineData("round_decimal", "1.5", "round_decimal [1.5] is invalid, should be -1 or an integer in range [0, 6]")]
    [InlineData("ignore_growing", "perhaps", "parse search growing failed")]
    public void A_wrong_value_is_named_in_Milvus_words(string key, string value, string sentence)
    {
        var failure = SearchParameters.Read(Pairs.Of((key, value), ("topk", "10")), ResultsMax).Failure!;
        Assert.Equal((FailureCode.Unexpected, sentence), (failure.Code, failure.Sentence));
    }

    [Theory]
    [InlineData("0", "input group size:0 is negative, failed to do search_groupby")]
    [InlineData("11", "input group size:11 exceeds configured max group size:10")]
    [InlineData("x", "failed to parse input group size:x")]
    public void Group_sizes_have_bounds(string size, string sentence) => Assert.Equal(sentence, Sentence([("topk", "1"), ("group_size", size)]));

    [Fact]
    public void Grouping_goes_neither_with_a_range_nor_with_an_iterator()
    {
        Assert.StartsWith("Not allowed to do range-search", Sentence([("topk", "1"), ("group_by_field", "g"), ("params", """{"radius":1}""")]), StringComparison.Ordinal);
        Assert.StartsWith("Not allowed to do groupBy", Sentence([("topk", "1"), ("group_by_field", "g"), ("iterator", "True")]), StringComparison.Ordinal);
    }

    [Fact]
    public void An_iterator_step_is_read()
    {
        var read = SearchParameters.Read(
            Pairs.Of(
                ("topk", "999999"), ("iterator", "true"), ("search_iter_v2", "true"), ("search_iter_batch_size", "100"),
                ("search_iter_id", "abc"), ("search_iter_last_bound", "-0.5"), ("collection_id", "42"), ("guarantee_timestamp", "0")),
            ResultsMax).Value;
        Assert.Equal(new IteratorStep("abc", 100, -0.5f), read.Iterator);
        Assert.Equal((100L, 42L), (read.TopK, read.CollectionId));
    }

    [Theory]
    [InlineData("search_iter_batch_size", "0", "parse iterator v2 info failed: batch size is invalid, it should be in range [1, 16384], but got 0")]
    [InlineData("search_iter_batch_size", "", "parse iterator v2 info failed: batch size is required")]
    [InlineData("search_iter_batch_size", "many", "parse iterator v2 info failed: batch size is invalid, search_iter_batch_size [many] is invalid")]
    [InlineData("search_iter_last_bound", "near", "parse iterator v2 info failed: failed to parse input last bound, near is not a number")]
    [InlineData("iterator", "false", "parse iterator v2 info failed: both iterator and search_iter_v2 must be set in the SDK")]
    [InlineData("offset", "1", "Setting an offset is not permitted when using a search iterator v2")]
    public void A_wrong_iterator_step_is_refused(string key, string value, string sentence) => Assert.Equal(
        sentence,
        Sentence([(key, value), ("topk", "1"), ("iterator", "true"), ("search_iter_v2", "true"), ("search_iter_batch_size", "10")]));

    [Fact]
    public void A_part_of_a_hybrid_search_takes_window_and_grouping_from_the_whole()
    {
        var whole = new RankWindow { Limit = 5, Offset = 2, Grouping = new("tag", 2, false) };
        var read = SearchParameters.Read(Pairs.Of(("anns_field", "v"), ("offset", "9"), ("group_by_field", "other")), ResultsMax, whole).Value;
        Assert.Equal((7L, 0L, whole.Grouping), (read.TopK, read.Offset, read.Grouping));
        Assert.Equal(3, SearchParameters.Read(Pairs.Of(("topk", "3")), ResultsMax, whole).Value.TopK);
    }

    [Theory]
    [InlineData("""{"nprobe":8}""", """{"nprobe":8}""")]
    [InlineData("""{"metric_type":"L2","params":{"nprobe":8}}""", """{"nprobe":8,"metric_type":"L2"}""")]
    [InlineData("""{"ef":1,"params":{"ef":8}}""", """{"ef":8}""")]
    [InlineData("""{"params":"text"}""", """{"params":"text"}""")]
    [InlineData("""{"params":""", """{"params":""")]
    [InlineData("", "")]
    public void Nested_index_parameters_are_unfolded(string given, string expected) =>
        Assert.Equal(expected, SearchParameters.Read(Pairs.Of(("topk", "1"), ("params", given)), ResultsMax).Value.Params);

    [Fact]
    public void Whatever_stands_in_the_pairs_is_read_or_refused_with_a_sentence()
    {
        string[] keys = ["topk", "offset", "round_decimal", "group_size", "group_by_field", "ignore_growing", "iterator", "search_iter_v2", "search_iter_batch_size", "search_iter_last_bound", "params", "collection_id", "strict_group_size"];
        var pair = Gen.Elements(keys).SelectMany(key => Gen.OneOf(
            Gen.Elements("", "true", "0", "-1", "16384", "9223372036854775807", "-9223372036854775808", "1e3", "NaN", "{\"radius\":1,\"params\":{}}", "null"),
            ArbMap.Default.GeneratorFor<string>().Select(s => s ?? "")).Select(value => (key, value)));
        Prop.ForAll(Arb.From(pair.ListOf()), pairs =>
        {
            var read = SearchParameters.Read(Pairs.Of([.. pairs]), ResultsMax);
            var window = RankWindow.Read(Pairs.Of([.. pairs]), ResultsMax);
            return read.TryGet(out var value, out var failure)
                ? value.TopK is > 0 and <= ResultsMax && value.Offset >= 0 && value.TopK + value.Offset <= ResultsMax
                : failure.Sentence.Length > 0 && (window.Succeeded || window.Failure.Sentence.Length > 0);
        }).QuickCheckThrowOnFailure();
    }

    private static string Sentence((string Key, string Value)[] pairs) => SearchParameters.Read(Pairs.Of(pairs), ResultsMax).Failure!.Sentence;
}
