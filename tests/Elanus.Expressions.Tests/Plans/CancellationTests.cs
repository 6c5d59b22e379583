using Elanus.Primitives;

namespace Elanus.Expressions.Tests;

public class CancellationTests
{
    private const int Rows = 20_000;

    /// <summary>Cancelled at the first look at a column: later slices, and later rows of what is slow with a row, are not looked at.</summary>
    [Theory]
    [InlineData("i8 != 3")]
    [InlineData("s like '%5%'")]
    [InlineData("x > 4")]
    [InlineData("x + 1 > 4")]
    [InlineData("a > 1 or s == 's1' or x == 2")]
    public void A_filter_ends_within_a_block_where_it_is_cancelled(string filter)
    {
        var rows = new TestRows([.. Enumerable.Range(0, Rows).Select(i => new Dictionary<string, object?>
        {
            ["a"] = (long)i,
            ["i8"] = (long)(i % 7),
            ["s"] = $"s{i % 5}",
            ["$meta"] = $$"""{"x": {{i % 11}}}""",
        })]);
        var plan = Filters.Plan(filter);
        using var cancel = new CancellationTokenSource();
        var watched = new WatchedRows(rows, cancel);

        Assert.Throws<OperationCanceledException>(() => plan.Evaluate(watched, new Bitset(Rows), cancel: cancel.Token));
        var firstSliceAlone = watched.Looks;

        var whole = new WatchedRows(rows, null);
        plan.Evaluate(whole, new Bitset(Rows));
        Assert.True(firstSliceAlone * 2 < whole.Looks, $"{firstSliceAlone} of {whole.Looks} looks at columns");
    }

    private sealed class WatchedRows(TestRows rows, CancellationTokenSource? cancel) : IRowBlock
    {
        public int Looks { get; private set; }

        public int Rows => rows.Rows;

        public ColumnBlock? Column(FieldId field)
        {
            Looks++;
            cancel?.Cancel();
            return rows.Column(field);
        }
    }
}
