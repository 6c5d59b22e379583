using System.Globalization;

namespace Elanus.Cli;

/// <summary>
/// How much a stem says: log(members / members with it), from counts over .NET 10's own documentation that lie beside this file
/// (the common stems; one that is not listed counts as rare). Fixed at build time, so that a question and the text it looks for are weighted alike
/// whichever program inserted the text.
/// </summary>
internal static class WordWeights
{
    private static readonly Lazy<(double Rare, Dictionary<string, double> Common)> Loaded = new(Load);

    /// <summary>From 0 (everywhere) to 1 (rare).</summary>
    public static float Of(string stem) => (float)(Loaded.Value.Common.TryGetValue(stem, out var weight) ? weight : 1);

    private static (double Rare, Dictionary<string, double> Common) Load()
    {
        using var stream = typeof(WordWeights).Assembly.GetManifestResourceStream("word-counts.txt")
            ?? throw new InvalidOperationException("the program lacks its word counts");
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#').Select(l => l.Split(' ')).ToList();
        var members = double.Parse(lines[0][1], CultureInfo.InvariantCulture);
        var rarest = Math.Log(members / double.Parse(lines[^1][1], CultureInfo.InvariantCulture));
        return (rarest, lines.Skip(1).ToDictionary(l => l[0], l => Math.Sqrt(Math.Log(members / double.Parse(l[1], CultureInfo.InvariantCulture)) / rarest)));
    }
}
