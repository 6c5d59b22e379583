using System.Text.RegularExpressions;

namespace Elanus.Architecture.Tests;

/// <summary>A test asserts something that can fail, and is switched off only by a reason that can be read.</summary>
public sealed partial class TestQualityTests
{
    [Fact]
    public void Every_test_asserts_something()
    {
        var silent = SourceTree.CSharp.Where(f => f.Path.StartsWith("tests/", StringComparison.Ordinal))
            .GroupBy(f => f.Path.Split('/')[1])
            .SelectMany(Silent);
        Faults.None(silent, "tests that assert nothing:");
    }

    [Fact]
    public void A_test_is_switched_off_only_with_a_reason()
    {
        var skip = new Regex($"Sk{""}ip *= *\"(?<reason>[^\"]*)\"");
        Faults.None(
            SourceTree.CSharp.Where(f => f.Path.StartsWith("tests/", StringComparison.Ordinal))
                .SelectMany(f => f.Where(l => skip.Match(l) is { Success: true } m && m.Groups["reason"].Value.Split(' ').Length < 4)),
            "switched off without a sentence that says why:");
    }

    [Fact]
    public void Waiting_is_for_a_condition_never_for_a_time()
    {
        var sleep = new Regex($@"Thread\.Sle{""}ep\(|\.WaitFor{""}Timeout");
        Faults.None(SourceTree.CSharp.SelectMany(f => f.Where(sleep.IsMatch)), "waits for a time:");
    }

    [Fact]
    public void The_check_for_assertions_sees_a_test_without_one()
    {
        const string loud = "[Fact]\n public void A() { Check(1); }\n [Fact]\n public void B() => Assert.True(X());\n void Check(int x) { Assert.Equal(1, x); }\n";
        const string silent = "[Fact]\n public void C() { var x = 1; }\n";
        Assert.Empty(Silent(new[] { new SourceFile("tests/P/Loud.cs", loud) }));
        Assert.Equal(["tests/P/Silent.cs: C"], Silent(new[] { new SourceFile("tests/P/Loud.cs", loud), new SourceFile("tests/P/Silent.cs", silent) }));
    }

    /// <summary>Tests of one project in whose text neither an assertion stands nor a call of a method (of that project) that asserts.</summary>
    private static IEnumerable<string> Silent(IEnumerable<SourceFile> project)
    {
        var methods = project.SelectMany(f => Declaration().Matches(f.Text).Select(m => (File: f, IsTest: m.Groups["test"].Success, Name: m.Groups["name"].Value, Body: Body(f.Text, m.Index + m.Length)))).ToList();
        var asserting = new HashSet<string>();
        for (var grown = true; grown;)
        {
            grown = false;
            foreach (var (_, _, name, body) in methods)
            {
                if (!asserting.Contains(name) && (Assertion().IsMatch(body) || Call().Matches(body).Any(c => asserting.Contains(c.Groups["name"].Value))))
                {
                    grown = asserting.Add(name);
                }
            }
        }

        return methods.Where(m => m.IsTest && !asserting.Contains(m.Name)).Select(m => $"{m.File.Path}: {m.Name}");
    }

    /// <summary>What follows a parameter list: a block with its braces, or an expression to its semicolon.</summary>
    private static string Body(string text, int from)
    {
        var depth = 0;
        for (var i = from; i < text.Length; i++)
        {
            depth += text[i] is '{' or '(' ? 1 : text[i] is '}' or ')' ? -1 : 0;
            if (depth <= 0 && (text[i] == ';' || (text[i] == '}' && i > from)))
            {
                return text[from..(i + 1)];
            }
        }

        return text[from..];
    }

    [GeneratedRegex(@"(?<test>\[(?:\w*Fact|\w*Theory)(?:\([^]]*\))?\][^;{}]*?)?^\s*(?:(?:public|private|internal|protected|static|async|override|virtual|unsafe) )*[\w<>\[\]?.,() ]+ (?<name>\w+)(?:<[\w, ]+>)?(?=\()", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\bAssert\.|\bQuickCheck|\bFaults\.")]
    private static partial Regex Assertion();

    [GeneratedRegex(@"\b(?<name>\w+)(?:<[\w, ]+>)?\(")]
    private static partial Regex Call();
}
