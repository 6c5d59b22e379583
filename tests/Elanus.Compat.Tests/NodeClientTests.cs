using System.Text.RegularExpressions;

namespace Elanus.Compat.Tests;

/// <summary>Drives the built program with the real Node client; each case in tests/compat is a result of its own.</summary>
public sealed partial class NodeClientTests(NodeResults results) : IClassFixture<NodeResults>
{
    /// <summary>File and name of each case whose name stands in the file as a plain text; names that are computed are checked by their file's test.</summary>
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var file in NodeCases.Files)
            {
                foreach (Match match in CaseName().Matches(File.ReadAllText(Path.Combine(NodeCases.Folder, file))))
                {
                    cases.Add(file, match.Groups["name"].Value.Replace("\\'", "'", StringComparison.Ordinal));
                }
            }

            return cases;
        }
    }

    public static TheoryData<string> Files => [.. NodeCases.Files];

    [NodeTheory]
    [MemberData(nameof(Cases))]
    public async Task Case(string file, string name)
    {
        var (cases, failure) = await results.Of(file);
        var ended = cases.FirstOrDefault(c => c.Name == name);
        Assert.True(ended is not null, $"the case did not end{(failure is null ? "" : ": " + failure)}");
        Assert.True(ended.Passed, ended.Error);
    }

    [NodeTheory]
    [MemberData(nameof(Files))]
    public async Task Every_other_case_of_a_file_passes(string file)
    {
        var (cases, failure) = await results.Of(file);
        Assert.Null(failure);
        var known = Cases.Where(c => (string)c[0] == file).Select(c => (string)c[1]).ToHashSet();
        var failed = cases.Where(c => !c.Passed && !known.Contains(c.Name)).Select(c => $"{c.Name}: {c.Error}");
        Assert.Equal("", string.Join("\n\n", failed));
    }

    [GeneratedRegex(@"^\s*test\('(?<name>(?:[^'\\]|\\.)*)'", RegexOptions.Multiline)]
    private static partial Regex CaseName();
}
