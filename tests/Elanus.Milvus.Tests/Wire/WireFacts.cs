namespace Elanus.Milvus.Tests.Wire;

/// <summary>The table of facts about the protocol, which lies beside the repository on the machines that have it.</summary>
internal static class WireFacts
{
    public static readonly string? Path = Find();

    public static IEnumerable<string> Rows() => File.ReadLines(Path!).Select(line => line.TrimEnd('\t', '\r'));

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Elanus.slnx")) && folder.Parent is { } beside)
            {
                var table = System.IO.Path.Combine(beside.FullName, "shared", "wire", "milvus-wire.tsv");
                return File.Exists(table) ? table : null;
            }
        }

        return null;
    }
}

/// <summary>A test that needs the table of facts.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WireFactsFactAttribute : FactAttribute
{
    public WireFactsFactAttribute()
    {
        if (WireFacts.Path is null)
        {
            Skip = "the table of wire facts (shared/wire beside the repository) is not on this machine";
        }
    }
}
