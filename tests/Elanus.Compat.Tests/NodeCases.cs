using System.Text.RegularExpressions;

namespace Elanus.Compat.Tests;

/// <summary>The files of tests/compat as they lie there: which there are and what server each needs.</summary>
internal static partial class NodeCases
{
    public static string Folder { get; } = Path.Combine(FindRoot(), "tests", "compat");

    public static IEnumerable<string> Files => Directory.EnumerateFiles(Folder, "*.test.mjs").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal);

    /// <summary>The settings that a file asks for in its first line (<c>// elanus: NAME=VALUE NAME=VALUE</c>), as variables.</summary>
    public static IReadOnlyDictionary<string, string> ServerSettings(string file)
    {
        var match = Wanted().Match(File.ReadLines(Path.Combine(Folder, file)).First());
        return match.Groups["settings"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('=')).ToDictionary(s => s[0], s => s[1]);
    }

    /// <summary>Why the cases cannot run on this machine; null where they can.</summary>
    public static string? Obstacle()
    {
        var node = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(p => File.Exists(Path.Combine(p, "node")));
        return !node ? "there is no node on the PATH"
            : !Directory.Exists(Path.Combine(Folder, "node_modules", "@zilliz")) ? "the Node client is not installed (npm ci in tests/compat; ./test does it)"
            : null;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Elanus.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"no folder above {AppContext.BaseDirectory} holds Elanus.slnx");
        }

        return folder.FullName;
    }

    [GeneratedRegex("^// elanus:(?<settings>.*)$")]
    private static partial Regex Wanted();
}
