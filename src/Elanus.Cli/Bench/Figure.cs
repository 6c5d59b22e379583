using System.Globalization;
using Spectre.Console;

namespace Elanus.Cli;

/// <summary>One measured figure and what it is to reach.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Detail">The absolute numbers behind it, for readers; they mean nothing on another machine.</param>
/// <param name="Ratio">The figure.</param>
/// <param name="Bound">What it must not pass; null where it is only shown.</param>
/// <param name="AtMost">The bound is an upper one; otherwise a lower one.</param>
internal sealed record Figure(string Name, string Detail, double Ratio, double? Bound, bool AtMost)
{
    /// <summary>Why it was not measured; then it does not count as not reached.</summary>
    public string? Skipped { get; init; }

    private bool IsReached => Skipped is not null || Bound is null || (AtMost ? Ratio <= Bound : Ratio >= Bound);

    /// <summary>A table, and the line that says whether every figure is reached.</summary>
    public static void Print(IReadOnlyList<Figure> figures)
    {
        var table = new Table().AddColumns("figure", "measured", "ratio", "to reach");
        foreach (var figure in figures)
        {
            table.AddRow(
                Markup.Escape(figure.Name),
                Markup.Escape(figure.Skipped is { } why ? $"skipped: {why}" : figure.Detail),
                figure.Skipped is null ? figure.Ratio.ToString("0.00", CultureInfo.InvariantCulture) : "",
                figure.Bound is { } bound ? $"{(figure.AtMost ? "at most" : "at least")} {bound.ToString("0.00", CultureInfo.InvariantCulture)}" : "as measured");
        }

        AnsiConsole.Write(table);
        var missed = figures.Where(f => !f.IsReached).Select(f => f.Name).ToList();
        Console.WriteLine(missed.Count == 0 ? "all figures reached" : $"not reached: {string.Join("; ", missed)}");
    }

    public static Figure NotMeasured(string name, string why) => new(name, "", 0, null, AtMost: true) { Skipped = why };

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
