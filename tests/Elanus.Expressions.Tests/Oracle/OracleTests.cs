using FsCheck;
using FsCheck.Fluent;

namespace Elanus.Expressions.Tests;

public class OracleTests
{
    private const int Expressions = 10_000;

    [Fact]
    public void Random_expressions_match_the_rows_that_the_oracle_matches()
    {
        // Few row sets: making them costs more than an expression. More than 64 rows, so that words end within and at the end.
        Check(Generators.Rows(70).Sample(8, 20).ToList(), Expressions);
    }

    [Fact]
    public void Blocks_of_several_runs_match_row_for_row_too()
    {
        var rows = Generators.Rows(67).Sample(1, 20).Single();
        var many = new TestRows([.. Enumerable.Range(0, RowSlice.RowsMax / rows.Rows + 2).SelectMany(_ => rows.Values)]);
        Check([many], 30);
    }

    private static void Check(List<TestRows> sets, int expressions)
    {
        var cases = from expression in Generators.Expression(2) from rows in Gen.Elements<TestRows>(sets) select new Case(expression, rows);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var text = c.Expression.Render();
            var matched = Filters.Plan(text).Matches(c.Rows);
            var expected = Enumerable.Range(0, c.Rows.Rows).Where(row => c.Expression.Answer(c.Rows, row) == true).ToList();
            if (!matched.SequenceEqual(expected))
            {
                var row = matched.Except(expected).Concat(expected.Except(matched)).First();
                var values = c.Rows.Values[row].Select(p => $"{p.Key}: {(p.Value is object[] array ? $"[{string.Join(", ", array)}]" : p.Value ?? "null")}");
                Assert.Fail($"{text}\nrow {row} should {(expected.Contains(row) ? "" : "not ")}match: {string.Join("; ", values)}");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(expressions).WithQuietOnSuccess(true));
    }

    private sealed record Case(TestExpression Expression, TestRows Rows)
    {
        public override string ToString() => Expression.Render();
    }
}
