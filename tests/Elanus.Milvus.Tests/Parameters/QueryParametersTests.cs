namespace Elanus.Milvus.Tests.Parameters;

public sealed class QueryParametersTests
{
    private const long ResultsMax = 16_384;

    [Fact]
    public void Nothing_given_means_no_limit() => Assert.Equal(new QueryParameters(), QueryParameters.Read([], ResultsMax).Value);

    [Fact]
    public void Everything_given_is_read()
    {
        var read = QueryParameters.Read(
            Pairs.Of(("limit", "10"), ("offset", "3"), ("iterator", "True"), ("reduce_stop_for_best", "False"), ("ignore_growing", "true"), ("collection_id", "9")),
            ResultsMax).Value;
        Assert.Equal(new QueryParameters { Limit = 10, Offset = 3, IsIterator = true, IgnoreGrowing = true, CollectionId = 9 }, read);
    }

    [Fact]
    public void An_offset_without_a_limit_is_passed_over() => Assert.Equal(0, QueryParameters.Read(Pairs.Of(("offset", "-3")), ResultsMax).Value.Offset);

    [Theory]
    [InlineData("0", "0", "invalid max query result window, limit [0] is invalid, should be greater than 0")]
    [InlineData("1", "-1", "invalid max query result window, offset [-1] is invalid, should be gte than 0")]
    [InlineData("16384", "1", "invalid max query result window, (offset+limit) should be in range [1, 16384], but got 16385")]
    [InlineData("9223372036854775807", "9223372036854775807", "invalid max query result window, (offset+limit) should be in range [1, 16384], but got 18446744073709551614")]
    [InlineData("all", "0", "limit [all] is invalid")]
    [InlineData("1", "none", "offset [none] is invalid")]
    public void The_window_has_bounds(string limit, string offset, string sentence)
    {
        var failure = QueryParameters.Read(Pairs.Of(("limit", limit), ("offset", offset)), ResultsMax).Failure!;
        Assert.Equal((FailureCode.Unexpected, sentence), (failure.Code, failure.Sentence));
    }

    [Theory]
    [InlineData("iterator")]
    [InlineData("reduce_stop_for_best")]
    public void Truth_values_are_checked(string key) =>
        Assert.Equal($"value for {key} is invalid: invalid parameter[expected=true or false][actual=maybe]", FailureText.Of(QueryParameters.Read(Pairs.Of((key, "maybe")), ResultsMax).Failure!));

    [Fact]
    public void What_is_not_built_says_so() =>
        Assert.Equal(FailureCode.Unimplemented, QueryParameters.Read(Pairs.Of(("time_fields", "year")), ResultsMax).Failure!.Code);

    [Fact]
    public void A_rank_window_needs_a_limit()
    {
        Assert.Equal("limit not found in rank_params", RankWindow.Read(Pairs.Of(("offset", "1")), ResultsMax).Failure!.Sentence);
        Assert.Equal(
            new RankWindow { Limit = 4, Offset = 1, RoundDecimal = 3, Grouping = new("g", 2, true) },
            RankWindow.Read(Pairs.Of(("limit", "4"), ("offset", "1"), ("round_decimal", "3"), ("group_by_field", "g"), ("group_size", "2"), ("strict_group_size", "1")), ResultsMax).Value);
    }
}
