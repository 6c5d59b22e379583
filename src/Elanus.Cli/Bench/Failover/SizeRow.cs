using System.Globalization;
using Elanus.Primitives;
using Spectre.Console;

namespace Elanus.Cli;

/// <summary>Kills with many rows against kills with few, in turn, so that what else the machine does touches both.</summary>
internal static class SizeRow
{
    private const double RatioMax = 1.2;

    public static async Task<Result<IReadOnlyList<Figure>>> Measure(FailoverGround ground, FailoverCounts counts, CancellationToken cancel)
    {
        var few = new List<double>();
        var many = new List<double>();
        ground.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"filling a pair with {counts.ManyRows:N0} rows"));
        var failed = await ground.WithPair(
            counts.ManyRows,
            (large, largeClient, largeActive) => ground.WithPair(
                FailoverCounts.FewRows,
                async (small, smallClient, smallActive) =>
                {
                    for (var i = 1; i <= counts.FailoversBySize; i++)
                    {
                        var first = await ground.Killed(small, smallClient, smallActive, cancel);
                        var second = await ground.Killed(large, largeClient, largeActive, cancel);
                        if (!first.TryGet(out var afterSmall, out var failure) || !second.TryGet(out var afterLarge, out failure))
                        {
                            return failure;
                        }

                        (smallActive, largeActive) = (afterSmall.Active, afterLarge.Active);
                        few.Add(afterSmall.GapMs);
                        many.Add(afterLarge.GapMs);
                        ground.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"size {i} of {counts.FailoversBySize}: gap {many[^1]:0} ms with many rows, {few[^1]:0} ms with few"));
                    }

                    return null;
                },
                cancel),
            cancel);
        return failed is not null
            ? failed
            : Result<IReadOnlyList<Figure>>.Ok(
            [
                new(
                    string.Create(CultureInfo.InvariantCulture, $"gap with {counts.ManyRows:N0} rows over gap with {FailoverCounts.FewRows:N0}, p50"),
                    string.Create(CultureInfo.InvariantCulture, $"{Figure.Median(many):0} and {Figure.Median(few):0} ms"),
                    Figure.Median(many) / Figure.Median(few),
                    RatioMax,
                    AtMost: true),
            ]);
    }
}
