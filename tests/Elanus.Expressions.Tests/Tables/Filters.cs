using Elanus.Primitives;

namespace Elanus.Expressions.Tests;

/// <summary>Short ways to compile and run a filter.</summary>
internal static class Filters
{
    public static FilterPlan Plan(string text, IReadOnlyDictionary<string, Literal>? templates = null)
    {
        var result = ExpressionCompiler.Compile(text, TestSchema.WithDynamic, templates);
        Assert.True(result.Succeeded, $"{text}: {result.Failure}");
        return result.Value;
    }

    public static Failure Fault(string text, bool dynamic = true, IReadOnlyDictionary<string, Literal>? templates = null)
    {
        var result = ExpressionCompiler.Compile(text, dynamic ? TestSchema.WithDynamic : TestSchema.WithoutDynamic, templates);
        Assert.False(result.Succeeded, $"{text} was accepted");
        return result.Failure!;
    }

    /// <summary>The indexes of the rows that match.</summary>
    public static List<int> Matches(this FilterPlan plan, IRowBlock rows, ulong seed = 0)
    {
        var bits = new Bitset(rows.Rows);
        plan.Evaluate(rows, bits, seed);
        var matches = new List<int>();
        for (var row = bits.NextSet(0); row >= 0; row = bits.NextSet(row + 1))
        {
            matches.Add(row);
        }

        return matches;
    }
}
