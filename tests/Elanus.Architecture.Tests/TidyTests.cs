using System.Text.RegularExpressions;

namespace Elanus.Architecture.Tests;

/// <summary>What the style asks of files, folders and names, where a machine can see it.</summary>
public sealed partial class TidyTests
{
    private const int LinesMax = 600;

    /// <summary>A type and what belongs to it (the names of an enum's members' meaning, the static companion of a generic type).</summary>
    private const int PublicTypesMax = 3;

    private static readonly Dictionary<string, string> MayHoldMoreTypes = new()
    {
        ["src/Elanus.Primitives/Ids/Ids.cs"] = "a family of one-line identifiers, read together",
    };

    private static readonly string[] ForbiddenFolders = ["Models", "Helpers", "Utils", "Util", "Common", "Misc", "Interfaces", "Enums", "Extensions"];

    private static readonly string[] ForbiddenEndings = ["Manager", "Helper", "Helpers", "Util", "Utils", "V2"];

    [Fact]
    public void No_file_is_longer_than_the_wall() =>
        Faults.None(
            SourceTree.Files.Where(f => f.Path.EndsWith(".cs", StringComparison.Ordinal) || f.Path.EndsWith(".proto", StringComparison.Ordinal))
                .Select(f => (f.Path, Lines: f.Text.AsSpan().Count('\n')))
                .Where(f => f.Lines > LinesMax)
                .Select(f => $"{f.Path}: {f.Lines} lines"),
            $"longer than {LinesMax} lines:");

    [Fact]
    public void Folders_are_named_for_features() =>
        Faults.None(
            SourceTree.Files.Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal) || f.Path.StartsWith("tests/", StringComparison.Ordinal))
                .SelectMany(f => f.Path.Split('/')[..^1]).Distinct().Where(ForbiddenFolders.Contains),
            "folders named for a kind, not a feature:");

    [Fact]
    public void A_source_file_holds_one_public_type_and_what_belongs_to_it() =>
        Faults.None(
            SourceTree.CSharp.Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal) && !MayHoldMoreTypes.ContainsKey(f.Path))
                .Select(f => (f.Path, Count: PublicType().Count(f.Text)))
                .Where(f => f.Count > PublicTypesMax)
                .Select(f => $"{f.Path}: {f.Count} public types"),
            $"more than {PublicTypesMax} public types in a file:");

    [Fact]
    public void A_file_with_a_public_type_is_named_for_a_type_in_it() =>
        Faults.None(
            SourceTree.CSharp.Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal) && !MayHoldMoreTypes.ContainsKey(f.Path))
                .Where(f => PublicType().IsMatch(f.Text) && TypeName().Matches(f.Text).Concat(DelegateName().Matches(f.Text)).All(t => !f.Name.StartsWith(t.Groups["name"].Value, StringComparison.Ordinal)))
                .Select(f => f.Path),
            "named for no type in it:");

    [Fact]
    public void Every_exception_from_a_rule_still_exists() =>
        Faults.None(MayHoldMoreTypes.Keys.Where(p => SourceTree.Files.All(f => f.Path != p)), "listed as an exception, but gone:");

    [Fact]
    public void Types_are_named_by_the_fields_own_words() =>
        Faults.None(
            SourceTree.CSharp.SelectMany(f => TypeName().Matches(f.Text).Select(t => t.Groups["name"].Value)
                .Where(n => ForbiddenEndings.Any(e => n.EndsWith(e, StringComparison.Ordinal))).Select(n => $"{f.Path}: {n}")),
            "names that say nothing:");

    [Fact]
    public void Namespaces_begin_with_the_name_of_their_project() =>
        Faults.None(
            SourceTree.CSharp.Select(f => (f.Path, Project: f.Path.Split('/')[1], Space: Namespace().Match(f.Text)))
                .Where(f => f.Space.Success && f.Space.Groups["name"].Value is var n && n != f.Project && !n.StartsWith(f.Project + ".", StringComparison.Ordinal))
                .Select(f => $"{f.Path}: {f.Space.Groups["name"].Value}"),
            "a namespace of another project:");

    [Fact]
    public void Nothing_is_left_to_do_in_comments()
    {
        var marks = new Regex($@"\b(TO{""}DO|FIX{""}ME|XX{""}X|HA{""}CK)\b");
        Faults.None(SourceTree.Files.SelectMany(f => f.Where(marks.IsMatch)), "work left open in the text:");
    }

    [Fact]
    public void No_file_names_a_machines_folder_or_a_package_feed()
    {
        var folders = new Regex($"(^|[^A-Za-z0-9_.-])/(wo{""}rk|fa{""}rm|ro{""}ot)/");
        var feeds = new Regex($"https?://[a-z0-9.-]*(nug{""}et|n{""}pm|debi{""}an)[a-z0-9.-]*");
        Faults.None(SourceTree.Files.SelectMany(f => f.Where(l => folders.IsMatch(l) || feeds.IsMatch(l))), "a path of one machine or the address of a feed:");
    }

    [Fact]
    public void No_failure_is_swallowed() =>
        Faults.None(
            SourceTree.CSharp.Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal))
                .SelectMany(f => EmptyCatch().Matches(f.Text).Select(m => $"{f.Path}: {m.Value.ReplaceLineEndings(" ")}")),
            "a catch with nothing in it, not even a reason:");

    [Fact]
    public void Continuations_stay_on_the_callers_scheduler() =>
        Faults.None(
            SourceTree.CSharp.Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal)).SelectMany(f => f.Where(ConfigureAwait().IsMatch)),
            "ConfigureAwait is not used, so that the simulator can hold every continuation:");

    [GeneratedRegex(@"^public (?:(?:static|sealed|abstract|partial|readonly|unsafe|ref) )*(?:class|record struct|record class|record|struct|enum|interface|delegate) ", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^\s*(?:(?:public|internal|private|file|static|sealed|abstract|partial|readonly|unsafe|ref) )+(?:class|record struct|record class|record|struct|enum|interface|delegate [\w<>?,. ]+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeName();

    [GeneratedRegex(@"^public delegate .* (?<name>\w+)(?:<[^(]*>)?\(", RegexOptions.Multiline)]
    private static partial Regex DelegateName();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"catch\s*(\([^)]*\))?\s*(when\s*\([^{]*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();

    // One that stays on the captured context, and only keeps what the task threw to itself, is no way out.
    [GeneratedRegex(@"\.ConfigureAwait\((?!ConfigureAwaitOptions[^)]*ContinueOnCapturedContext)")]
    private static partial Regex ConfigureAwait();
}
