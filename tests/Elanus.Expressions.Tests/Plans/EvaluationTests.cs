using Elanus.Primitives;

namespace Elanus.Expressions.Tests;

public class EvaluationTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(9000)]
    public void Blocks_of_any_length_are_answered_to_their_last_row(int count)
    {
        var rows = new TestRows([.. Enumerable.Range(0, count).Select(i => new Dictionary<string, object?>
        {
            ["a"] = (long)i,
            ["n"] = i % 3 == 0 ? null : (long)i,
            ["i8"] = (long)(i % 7),
            ["s"] = $"s{i % 5}",
            ["$meta"] = $$"""{"x": {{i % 11}}}""",
        })]);

        Assert.Equal(Enumerable.Range(0, count).Where(i => i % 7 == 3), Filters.Plan("i8 == 3").Matches(rows));
        Assert.Equal(Enumerable.Range(0, count).Where(i => i % 7 != 3 && i % 5 == 1 && i % 11 > 4), Filters.Plan("i8 != 3 and s == 's1' and x > 4").Matches(rows));
        Assert.Equal(Enumerable.Range(0, count).Where(i => i % 3 != 0 && i >= 100), Filters.Plan("not (n < 100)").Matches(rows));
        Assert.Equal(Enumerable.Range(0, count), Filters.Plan("a >= 0").Matches(rows));
        Assert.Equal(Enumerable.Range(0, count), Filters.Plan("not (a + 1 <= 0)").Matches(rows));
    }

    [Fact]
    public void Within_candidates_only_they_can_match()
    {
        var rows = new TestRows([.. Enumerable.Range(0, 5000).Select(i => new Dictionary<string, object?> { ["a"] = (long)i, ["s"] = "x" })]);
        var candidates = new Bitset(5000);
        candidates[3] = candidates[70] = candidates[4999] = true;

        Filters.Plan("a > 5 and s == 'x'").EvaluateWithin(rows, candidates);

        Assert.Equal([70, 4999], Enumerable.Range(0, 5000).Where(r => candidates[r]));
    }

    [Fact]
    public void Earlier_content_of_the_result_does_not_matter()
    {
        var rows = new TestRows([new() { ["a"] = 1L }, new() { ["a"] = 2L }]);
        var into = new Bitset(2, set: true);
        Filters.Plan("a == 2").Evaluate(rows, into);
        Assert.Equal([false, true], [into[0], into[1]]);

        Filters.Plan("a == 1").Evaluate(rows, into);
        Assert.Equal([true, false], [into[0], into[1]]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"x\" 1}")]
    [InlineData("nonsense")]
    [InlineData("{\"y\": [1, 2, , 3], \"x\": 1}")]
    public void Behind_a_fault_a_document_has_no_values(string document)
    {
        var rows = new TestRows([new() { ["$meta"] = document, ["a"] = 1L }, new() { ["$meta"] = "{\"x\": 1}", ["a"] = 2L }]);

        Assert.Equal([1], Filters.Plan("x != 2 and a > 0").Matches(rows));
        Assert.Equal([1], Filters.Plan("x + 1 != 5").Matches(rows));
        Assert.Equal([0], Filters.Plan("x is null").Matches(rows));
    }

    [Fact]
    public void Deep_documents_are_read_up_to_a_bound()
    {
        string Nested(int depth) => $$"""{"deep": {{string.Concat(Enumerable.Repeat("[", depth))}}{{string.Concat(Enumerable.Repeat("]", depth))}}, "x": 1}""";
        var rows = new TestRows([new() { ["$meta"] = Nested(1000) }, new() { ["$meta"] = Nested(5000) }]);

        Assert.Equal([0], Filters.Plan("x == 1").Matches(rows));
    }

    [Fact]
    public void Half_a_surrogate_pair_in_a_document_equals_nothing()
    {
        var rows = new TestRows([new() { ["$meta"] = """{"\ud800": 1, "x": "\ud800", "l": ["\udc00"]}""" }]);

        Assert.Empty(Filters.Plan("x == '\\\\ud800'").Matches(rows));
        Assert.Equal([0], Filters.Plan("x != 'a' and l != ['a'] and not json_contains(l, 'a')").Matches(rows));
    }

    [Fact]
    public void A_batch_can_be_filtered_as_it_is()
    {
        var batch = new RowBatch(2, [new(TestSchema.Id("a"), new ColumnBuilder(DataType.Int64).Append(1L).Append(2L).Build())]);
        Assert.Equal([1], Filters.Plan("a == 2").Matches(new BatchRows(batch)));
    }

    [Fact]
    public void A_missing_column_breaks_an_invariant() =>
        Assert.Throws<InvariantBrokenException>(() => Filters.Plan("a == 2").Matches(new BatchRows(new RowBatch(2, []))));

    [Fact]
    public void One_plan_serves_many_threads()
    {
        var rows = new TestRows([.. Enumerable.Range(0, 9000).Select(i => new Dictionary<string, object?> { ["a"] = (long)i, ["$meta"] = $$"""{"x": {{i % 10}}}""" })]);
        var plan = Filters.Plan("a % 3 == 1 and x in [1, 2, 3] or json_contains_all(y, [1]) or a == 5");
        var expected = plan.Matches(rows);

        Assert.All(Enumerable.Range(0, 8).AsParallel().Select(_ => plan.Matches(rows)).ToList(), matches => Assert.Equal(expected, matches));
    }
}
