namespace Elanus.Expressions.Tests;

public class ArrayTableTests
{
    private static readonly TestRows Rows = new(
    [
        new() { ["ints"] = new object[] { 1L, 2L, 3L }, ["texts"] = new object[] { "a", "bc", "" }, ["floats"] = new object[] { 0.1, 2.0 }, ["bools"] = new object[] { true }, ["shorts"] = new object[] { -5L }, ["doubles"] = new object[] { 0.1 } },
        new() { ["ints"] = Array.Empty<object>(), ["texts"] = Array.Empty<object>(), ["floats"] = new object[] { 0.5 }, ["bools"] = new object[] { false, true } },
        new() { ["ints"] = null, ["texts"] = new object[] { "bc" }, ["shorts"] = new object[] { 7L, 8L } },
        new() { ["ints"] = new object[] { 3L, 3L }, ["texts"] = new object[] { "中", "a" }, ["doubles"] = new object[] { 1.0, 2.5 } },
    ]);

    [Theory]
    [InlineData("ints[0] == 1", "0")]
    [InlineData("ints[0] != 1", "3")]
    [InlineData("not (ints[0] == 1)", "3")]
    [InlineData("ints[2] == 3", "0")]
    [InlineData("ints[0] in [1, 3]", "0 3")]
    [InlineData("ints[0] not in [1]", "3")]
    [InlineData("ints[0] + 1 == 4", "3")]
    [InlineData("1 <= ints[0] < 3", "0")]
    [InlineData("ints[0] is null", "1 2")]
    [InlineData("ints[0] is not null", "0 3")]
    [InlineData("ints is null", "2")]
    [InlineData("ints == [1, 2, 3]", "0")]
    [InlineData("ints != [1, 2, 3]", "1 3")]
    [InlineData("ints == []", "1")]
    [InlineData("ints == [3, 3.0]", "3")]
    [InlineData("[3, 3] == ints", "3")]
    [InlineData("array_contains(ints, 3)", "0 3")]
    [InlineData("not array_contains(ints, 3)", "1")]
    [InlineData("ARRAY_CONTAINS_ALL(ints, [1, 3])", "0")]
    [InlineData("array_contains_all(ints, [])", "0 1 3")]
    [InlineData("array_contains_any(ints, [])", "")]
    [InlineData("json_contains_any(ints, [2, 9])", "0")]
    [InlineData("array_contains_all(ints, [3, 3, 3])", "0 3")]
    [InlineData("array_length(ints) == 2", "3")]
    [InlineData("array_length(ints) < 3", "1 3")]
    [InlineData("array_length(ints) > array_length(texts)", "")]
    [InlineData("array_length(texts) in [1, 2]", "2 3")]
    [InlineData("texts[0] == 'a'", "0")]
    [InlineData("texts[1] like 'b%'", "0")]
    [InlineData("texts[0] > 'a'", "2 3")]
    [InlineData("texts[2] == ''", "0")]
    [InlineData("empty(texts[2])", "0")]
    [InlineData("texts[0] in ['bc', '中']", "2 3")]
    [InlineData("array_contains(texts, 'bc')", "0 2")]
    [InlineData("array_contains_all(texts, ['bc', ''])", "0")]
    [InlineData("array_contains_any(texts, ['中', ''])", "0 3")]
    [InlineData("texts == ['中', 'a']", "3")]
    [InlineData("texts != ['a', 'bc', '']", "1 2 3")]
    [InlineData("floats[0] == 0.1", "0")]
    [InlineData("array_contains(floats, 0.1)", "0")]
    [InlineData("floats == [0.1, 2]", "0")]
    [InlineData("floats[0] in [0.1, 0.5]", "0 1")]
    [InlineData("doubles[0] == 0.1", "0")]
    [InlineData("array_contains(doubles, 1)", "3")]
    [InlineData("doubles == [1, 2.5]", "3")]
    [InlineData("bools[0] == true", "0")]
    [InlineData("bools[0] != true", "1")]
    [InlineData("bools[0] in [true, false]", "0 1")]
    [InlineData("array_contains(bools, false)", "1")]
    [InlineData("bools == [true]", "0")]
    [InlineData("shorts[0] < 0", "0")]
    [InlineData("array_contains(shorts, 8)", "2")]
    [InlineData("shorts[0] < ints[0]", "0")]
    public void Rows_match(string expression, string expected) =>
        Assert.Equal(expected, string.Join(' ', Filters.Plan(expression).Matches(Rows)));
}
