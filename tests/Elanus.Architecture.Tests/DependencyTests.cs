using System.Xml.Linq;

namespace Elanus.Architecture.Tests;

/// <summary>Each package is named in docs/dependencies.md, and none is there that nobody uses.</summary>
public sealed class DependencyTests
{
    private static readonly XDocument Versions = XDocument.Parse(SourceTree.Files.Single(f => f.Path == "Directory.Packages.props").Text);

    private static IEnumerable<string> Packages => Versions.Descendants("PackageVersion").Select(p => p.Attribute("Include")!.Value);

    [Fact]
    public void Every_package_is_documented()
    {
        var page = SourceTree.Files.Single(f => f.Path == "docs/dependencies.md").Text;
        Faults.None(Packages.Where(p => !page.Contains(p, StringComparison.Ordinal)), "not in docs/dependencies.md:");
    }

    [Fact]
    public void Every_version_that_is_pinned_is_used()
    {
        var used = SourceTree.Files.Where(f => f.Path.EndsWith(".csproj", StringComparison.Ordinal) || f.Path.EndsWith(".props", StringComparison.Ordinal))
            .SelectMany(f => XDocument.Parse(f.Text).Descendants("PackageReference").Select(r => r.Attribute("Include")!.Value)).ToHashSet();
        Faults.None(Packages.Where(p => !used.Contains(p)), "a version nobody asks for:");
    }
}
