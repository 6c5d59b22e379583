using System.Globalization;

namespace Elanus.Cli;

/// <summary>Percentiles of measured milliseconds: the smallest value that so many percent do not exceed.</summary>
internal static class Percentiles
{
    public static double Of(IReadOnlyCollection<double> values, int percent)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(sorted.Length * percent / 100.0) - 1, 0, sorted.Length - 1)];
    }

    public static string Text(IReadOnlyCollection<double> values) => string.Create(
        CultureInfo.InvariantCulture,
        $"{values.Count}: p50 {Of(values, 50):0}, p90 {Of(values, 90):0}, p99 {Of(values, 99):0}, longest {Of(values, 100):0} ms");
}
