using System.Text;

namespace Elanus.Expressions.Tests;

public class TemplateTests
{
    private static readonly TestRows Rows = new(
    [
        new() { ["a"] = 1L, ["s"] = "x", ["d"] = 0.5, ["flag"] = true, ["ints"] = new object[] { 1L, 2L }, ["$meta"] = """{"m": [1, "x", [2]]}""" },
        new() { ["a"] = 2L, ["s"] = "y", ["d"] = 1.5, ["flag"] = false, ["ints"] = new object[] { 2L }, ["$meta"] = """{"m": [2.5]}""" },
        new() { ["a"] = 3L, ["s"] = "\"}' or true", ["d"] = 2.5, ["flag"] = true, ["ints"] = Array.Empty<object>(), ["$meta"] = "{}" },
    ]);

    private static readonly Dictionary<string, Literal> Values = new()
    {
        ["int"] = Literal.Of(2),
        ["float"] = Literal.Of(1.5),
        ["text"] = Literal.Of("\"}' or true"),
        ["bool"] = Literal.Of(true),
        ["ints"] = Literal.List([1L, 3L], Literal.Of),
        ["texts"] = Literal.List(["x", "y"], Literal.Of),
        ["empty"] = Literal.List(),
        ["mixed"] = JsonLiteral.Parse("[1, \"x\", [2]]"u8).Value,
        ["pattern"] = Literal.Of("%or%"),
        ["nan"] = Literal.Of(double.NaN),
        ["share"] = Literal.Of(0.5),
    };

    [Theory]
    [InlineData("a == {int}", "1")]
    [InlineData("{int} < a", "2")]
    [InlineData("a < {float}", "0")]
    [InlineData("d == { float }", "1")]
    [InlineData("s == {text}", "2")]
    [InlineData("flag == {bool}", "0 2")]
    [InlineData("a in {ints}", "0 2")]
    [InlineData("a not in {ints}", "1")]
    [InlineData("a in [{int}, 3]", "1 2")]
    [InlineData("s in {texts}", "0 1")]
    [InlineData("a in {empty}", "")]
    [InlineData("{float} <= d < 3", "1 2")]
    [InlineData("a + {int} == 4", "1")]
    [InlineData("a * 2 > {int} * 2", "2")]
    [InlineData("s like {pattern}", "2")]
    [InlineData("array_contains(ints, {int})", "0 1")]
    [InlineData("array_contains_any(ints, {ints})", "0")]
    [InlineData("json_contains_all(m, {mixed})", "0")]
    [InlineData("m == {mixed}", "0")]
    [InlineData("a > 0 and {bool}", "0 1 2")]
    public void Values_stand_in_for_their_names(string expression, string expected) =>
        Assert.Equal(expected, string.Join(' ', Filters.Plan(expression, Values).Matches(Rows)));

    [Theory]
    [InlineData("a == {missing}", "the value of expression template variable name {missing} is not found at column 6")]
    [InlineData("a == {text}", "VarChar constant \"\"}' or true\" are not supported at column 3")]
    [InlineData("a in {int}", "must be a list, but got: the Int64 constant 2 at column 6")]
    [InlineData("a in {texts}", "cannot be casted to Int64, the type of Int64 field a at column 6")]
    [InlineData("d > {nan}", "the template {nan} is not a number at column 5")]
    public void Values_are_checked_like_constants(string expression, string ending) =>
        Assert.EndsWith(ending, Filters.Fault(expression, templates: Values).Sentence, StringComparison.Ordinal);

    [Fact]
    public void A_sample_takes_its_share_from_a_template() =>
        Assert.Single(Filters.Plan("random_sample({share})", Values).Matches(Rows));

    [Theory]
    [InlineData("5", "5")]
    [InlineData("5.0", "5")]
    [InlineData("12345678901234567890", "1.2345678901234567E+19")]
    [InlineData("true", "true")]
    [InlineData("\"a\\u0062\"", "\"ab\"")]
    [InlineData(" [1, [\"x\"], false] ", "a list of 3")]
    public void Json_becomes_a_literal(string json, string expected) =>
        Assert.Equal(expected, JsonLiteral.Parse(Encoding.UTF8.GetBytes(json)).Value.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("{}")]
    [InlineData("[1,")]
    [InlineData("1 2")]
    [InlineData("1e999")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]")]
    public void Json_that_is_no_literal_is_a_failure(string json) =>
        Assert.Equal(Primitives.FailureCode.InvalidParameter, JsonLiteral.Parse(Encoding.UTF8.GetBytes(json)).Failure?.Code);
}
