using Elanus.Expressions;
using Elanus.Milvus.Protocol.Schema;
using Google.Protobuf;
using Level = Elanus.Milvus.Protocol.Common.ConsistencyLevel;

namespace Elanus.Milvus.Tests.Parameters;

/// <summary>Consistency, rankers and templates.</summary>
public sealed class ReadingTests
{
    [Theory]
    [InlineData(Level.Strong, 0UL, ConsistencyLevel.Strong, 0UL)]
    [InlineData(Level.Strong, 1UL, ConsistencyLevel.Eventually, 0UL)]
    [InlineData(Level.Strong, 2UL, ConsistencyLevel.Bounded, 0UL)]
    [InlineData(Level.Strong, 500UL, ConsistencyLevel.Customized, 500UL)]
    [InlineData(Level.Session, 500UL, ConsistencyLevel.Session, 500UL)]
    [InlineData(Level.Bounded, 0UL, ConsistencyLevel.Bounded, 0UL)]
    [InlineData(Level.Eventually, 500UL, ConsistencyLevel.Eventually, 500UL)]
    [InlineData(Level.Customized, 500UL, ConsistencyLevel.Customized, 500UL)]
    public void The_level_comes_from_three_fields(Level level, ulong guarantee, ConsistencyLevel expected, ulong kept) =>
        Assert.Equal(new ReadConsistency(expected, new(kept)), ReadConsistency.Of(level, useDefault: false, guarantee).Value);

    [Fact]
    public void The_collections_own_level_is_left_to_the_collection()
    {
        Assert.Equal(new ReadConsistency(null, new(7)), ReadConsistency.Of(Level.Eventually, useDefault: true, 7).Value);
        Assert.Contains("99", ReadConsistency.Of((Level)99, useDefault: false, 0).Failure!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Rankers_are_read_from_parameters()
    {
        Assert.Equal(new Ranker.Rrf(60), RankerReading.Read([], null).Value);
        Assert.Equal(new Ranker.Rrf(10), RankerReading.Read(Pairs.Of(("strategy", "rrf"), ("params", """{"k":10}""")), null).Value);
        var weighted = (Ranker.Weighted)RankerReading.Read(Pairs.Of(("strategy", "weighted"), ("params", """{"weights":[0.7,0.3],"norm_score":true}""")), null).Value;
        Assert.Equal([0.7, 0.3], weighted.Weights);
        Assert.True(weighted.NormScore);
    }

    [Theory]
    [InlineData("magic", "{}", "unsupported rank type magic")]
    [InlineData("rrf", "{}", "k not found in rank_params")]
    [InlineData("rrf", """{"k":"10"}""", "The type of rank param k should be float")]
    [InlineData("rrf", "[1]", "the rank params must be a JSON object, got [1]")]
    [InlineData("weighted", "{}", "weights not found in rank_params")]
    [InlineData("weighted", """{"weights":1}""", "The weights param should be an array")]
    [InlineData("weighted", """{"weights":["1"]}""", "The type of rank param weight should be float")]
    [InlineData("weighted", """{"weights":[1],"norm_score":1}""", "Weighted rerank err, norm_score should been bool type")]
    public void Wrong_rankers_are_refused(string strategy, string parameters, string sentence) =>
        Assert.Equal(sentence, RankerReading.Read(Pairs.Of(("strategy", strategy), ("params", parameters)), null).Failure!.Sentence);

    [Fact]
    public void Rankers_are_read_from_functions()
    {
        static FunctionScore Score(params (string, string)[] pairs) =>
            new() { Functions = { new FunctionSchema { Name = "r", Type = FunctionType.Rerank, Params = { Pairs.Of(pairs) } } } };
        Assert.Equal(new Ranker.Rrf(100), RankerReading.Read([], Score(("reranker", "rrf"), ("k", "100"))).Value);
        var weighted = (Ranker.Weighted)RankerReading.Read([], Score(("reranker", "weighted"), ("weights", "[0.5, 1]"))).Value;
        Assert.Equal([0.5, 1], weighted.Weights);
        Assert.False(weighted.NormScore);
        Assert.Equal((FailureCode.Unimplemented, "reranker decay (function r)"), (RankerReading.Read([], Score(("reranker", "decay"))).Failure!.Code, RankerReading.Read([], Score(("reranker", "decay"))).Failure!.Sentence));
        Assert.False(RankerReading.Read([], Score(("reranker", "weighted"), ("weights", "{"))).Succeeded);
        Assert.False(RankerReading.Read([], Score(("reranker", "rrf"), ("k", "x"))).Succeeded);
    }

    [Fact]
    public void Templates_of_every_kind_become_literals()
    {
        var read = Read(
            ("b", new() { BoolVal = true }),
            ("i", new() { Int64Val = -3 }),
            ("f", new() { FloatVal = 0.5 }),
            ("s", new() { StringVal = "x" }),
            ("list", new() { ArrayVal = new() { StringData = new() { Data = { "x", "y" } } } }),
            ("nested", new() { ArrayVal = new() { ArrayData = new() { Data = { new TemplateArrayValue { LongData = new() { Data = { 1 } } }, new TemplateArrayValue { BoolData = new() { Data = { true } } } } } } }),
            ("json", new() { ArrayVal = new() { JsonData = new() { Data = { ByteString.CopyFromUtf8("[1, 2.5, \"z\", false]") } } } }),
            ("empty", new() { ArrayVal = new() })).Value;

        Assert.True(read["b"].Bool);
        Assert.Equal(-3, read["i"].Integer);
        Assert.Equal(0.5, read["f"].Floating);
        Assert.Equal("x", read["s"].Text);
        Assert.Equal(["x", "y"], read["list"].Elements.Select(e => e.Text));
        Assert.Equal(1, read["nested"].Elements[0].Elements[0].Integer);
        Assert.Equal([LiteralKind.Integer, LiteralKind.Floating, LiteralKind.Text, LiteralKind.Bool], read["json"].Elements[0].Elements.Select(e => e.Kind));
        Assert.Empty(read["empty"].Elements);
    }

    [Fact]
    public void Templates_without_a_value_or_too_deep_are_refused_by_name()
    {
        Assert.Contains("{x}", Read(("x", new())).Failure!.Sentence, StringComparison.Ordinal);
        var deep = new TemplateArrayValue { LongData = new() };
        for (var i = 0; i < 40; i++)
        {
            deep = new() { ArrayData = new() { Data = { deep } } };
        }

        Assert.Contains("template x", Read(("x", new() { ArrayVal = deep })).Failure!.Sentence, StringComparison.Ordinal);
        Assert.Contains("template x", Read(("x", new() { ArrayVal = new() { JsonData = new() { Data = { ByteString.CopyFromUtf8("{") } } } })).Failure!.Sentence, StringComparison.Ordinal);
        Assert.Contains("template x", Read(("x", new() { ArrayVal = new() { JsonData = new() { Data = { ByteString.CopyFromUtf8("{\"a\":1}") } } } })).Failure!.Sentence, StringComparison.Ordinal);
    }

    private static Result<IReadOnlyDictionary<string, Literal>> Read(params (string Name, TemplateValue Value)[] values)
    {
        var map = new Google.Protobuf.Collections.MapField<string, TemplateValue>();
        foreach (var (name, value) in values)
        {
            map[name] = value;
        }

        return Templates.Read(map);
    }
}
