using System.Text.RegularExpressions;

namespace Elanus.Architecture.Tests;

/// <summary>The list of banned calls reaches every source project, and every exception from a rule carries its reason on the line.</summary>
public sealed partial class BannedListTests
{
    [Fact]
    public void The_build_hands_the_banned_list_to_every_source_project()
    {
        var shared = File.ReadAllText(Path.Combine(SourceTree.Root, "Directory.Build.props"));
        Assert.Contains("<AdditionalFiles Include=\"$(MSBuildThisFileDirectory)BannedSymbols.txt\" />", shared, StringComparison.Ordinal);
        Assert.Contains("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", shared, StringComparison.Ordinal);
        foreach (var project in SourceTree.Projects("src"))
        {
            var folder = project.Path[..project.Path.LastIndexOf('/')];
            if (project.Text.Contains("<UsesBannedList>false</UsesBannedList>", StringComparison.Ordinal))
            {
                // Generated code alone: there is nothing of ours to look at.
                Assert.DoesNotContain(SourceTree.Files, f => f.Path.StartsWith($"{folder}/", StringComparison.Ordinal) && f.Path.EndsWith(".cs", StringComparison.Ordinal));
                continue;
            }

            var packages = SourceTree.Files.Single(f => f.Path == $"{folder}/packages.lock.json");
            Assert.True(packages.Text.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", StringComparison.Ordinal), $"{folder} does not run the analyzer");
            Assert.False(TurnsRulesOff().IsMatch(project.Text), $"{project.Path} turns rules off");
            Assert.DoesNotContain(SourceTree.Files, f => f.Path == $"{folder}/Directory.Build.props" || f.Path == $"{folder}/.editorconfig");
        }
    }

    [Fact]
    public void A_warning_that_a_project_turns_off_has_a_comment_above_it() =>
        Faults.None(
            SourceTree.Files.Where(f => f.Path.EndsWith(".csproj", StringComparison.Ordinal) || f.Path.EndsWith(".props", StringComparison.Ordinal))
                .Where(f => f.Lines.Zip(f.Lines.Skip(1)).Any(l => l.Second.Contains("<NoWarn>", StringComparison.Ordinal) && !l.First.Contains("-->", StringComparison.Ordinal)))
                .Select(f => f.Path),
            "a warning turned off without a reason above it:");

    [Fact]
    public void The_list_bans_time_files_threads_and_randomness()
    {
        var list = File.ReadAllText(Path.Combine(SourceTree.Root, "BannedSymbols.txt"));
        string[] banned =
        [
            "T:System.IO.File;", "T:System.IO.FileStream;", "P:System.DateTime.UtcNow;", "M:System.Threading.Tasks.Task.Run(System.Action);",
            "M:System.Threading.Tasks.Task.Delay(System.Int32);", "P:System.Random.Shared;", "M:System.Guid.NewGuid;",
        ];
        Faults.None(banned.Where(b => !list.Contains(b, StringComparison.Ordinal)), "not banned:");
    }

    [Fact]
    public void A_suppressed_rule_carries_its_reason_on_the_line()
    {
        var pragmas = SourceTree.CSharp.SelectMany(f => f.Where(l => SuppressedByPragma().IsMatch(l) && !l.Contains("//", StringComparison.Ordinal)));
        var attributes = SourceTree.CSharp.SelectMany(f => f.Where(l => SuppressedByAttribute().IsMatch(l) && !l.Contains("Justification", StringComparison.Ordinal)));
        Faults.None(pragmas.Concat(attributes), "a suppressed rule without a reason on its line:");
    }

    [GeneratedRegex("UsesBannedList|RS0030|IsTestProject|RunAnalyzers|TreatWarningsAsErrors")]
    private static partial Regex TurnsRulesOff();

    [GeneratedRegex(@"^\s*#pragma warning disable")]
    private static partial Regex SuppressedByPragma();

    [GeneratedRegex(@"^\s*\[(assembly: )?SuppressMessage\(")]
    private static partial Regex SuppressedByAttribute();
}
