using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Elanus.Architecture.Tests;

/// <summary>
/// Which project may know which. The table is the design's house: every arrow points to a lower floor; on one floor only
/// Elanus.Milvus knows Elanus.Roles, and never the other way. It names floors that are still to be built, so that they are built in their place.
/// </summary>
public sealed class LayeringTests
{
    private static readonly string[] Foundations = ["Primitives", "Rpc", "Vectors", "Expressions", "Log", "Storage", "Coordination"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Primitives"] = [],
        ["Rpc"] = ["Primitives"],
        ["Vectors"] = ["Primitives"],
        ["Expressions"] = ["Primitives"],
        ["Log"] = ["Primitives", "Clients.*"],
        ["Storage"] = ["Primitives", "Clients.*"],
        ["Coordination"] = ["Primitives", "Clients.*"],
        ["Clients.*"] = ["Primitives", "Rpc"],
        ["Engine"] = ["Primitives", "Vectors", "Expressions", "Log", "Storage"],
        ["Replication"] = ["Primitives", "Log", "Coordination", "Rpc"],
        ["Roles"] = [.. Foundations, "Engine", "Replication"],
        ["Milvus.Protocol"] = [],
        ["Milvus"] = [.. Foundations, "Engine", "Replication", "Roles", "Milvus.Protocol"],
        ["Server"] = [.. Foundations, "Engine", "Replication", "Roles", "Milvus.Protocol", "Milvus"],
        ["Simulation"] = [.. Foundations, "Engine", "Replication", "Roles", "Server"],
        ["Cli"] = [.. Foundations, "Engine", "Replication", "Roles", "Milvus.Protocol", "Milvus", "Server", "Simulation"],
    };

    public static TheoryData<string> SourceProjects => [.. SourceTree.Projects("src").Select(ProjectName)];

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void A_project_references_only_what_its_floor_allows(string project)
    {
        var file = SourceTree.Projects("src").Single(p => ProjectName(p) == project);
        var references = XDocument.Parse(file.Text).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));
        Faults.None(references.Where(r => !MayKnow(project, r)), $"{file.Path} references what it may not:");
    }

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void An_assembly_uses_only_what_its_floor_allows(string project)
    {
        var path = Path.Combine(AppContext.BaseDirectory, project + ".dll");
        Assert.True(File.Exists(path), $"{project} is not part of the program: Elanus.Cli does not reach it");
        using var file = File.OpenRead(path);
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        var used = metadata.AssemblyReferences.Select(h => metadata.GetString(metadata.GetAssemblyReference(h).Name));
        Faults.None(used.Where(r => r.StartsWith("Elanus.", StringComparison.Ordinal) && !MayKnow(project, r)), $"{project}.dll uses what it may not:");
    }

    [Fact]
    public void Every_source_project_has_a_place_in_the_table() =>
        Faults.None(SourceTree.Projects("src").Select(ProjectName).Where(p => !Allowed.ContainsKey(Row(p))), "no row in the table of allowed references:");

    [Fact]
    public void Every_project_is_part_of_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(SourceTree.Root, "Elanus.slnx"));
        var projects = SourceTree.Projects("src").Concat(SourceTree.Projects("tests")).Concat(SourceTree.Projects("bench"));
        Faults.None(projects.Select(p => p.Path).Where(p => !solution.Contains($"\"{p}\"", StringComparison.Ordinal)), "not in Elanus.slnx:");
    }

    [Fact]
    public void The_table_holds_no_circle()
    {
        var settled = new HashSet<string>();
        while (Allowed.FirstOrDefault(row => !settled.Contains(row.Key) && row.Value.All(settled.Contains)) is { Key: { } next })
        {
            settled.Add(next);
        }

        Faults.None(Allowed.Keys.Except(settled), "part of, or above, a circle:");
    }

    private static string ProjectName(SourceFile file) => Path.GetFileNameWithoutExtension(file.Name);

    private static string Row(string project)
    {
        var name = project["Elanus.".Length..];
        return name.StartsWith("Clients.", StringComparison.Ordinal) ? "Clients.*" : name;
    }

    private static bool MayKnow(string project, string other) => Allowed.TryGetValue(Row(project), out var allowed) && allowed.Contains(Row(other));
}
