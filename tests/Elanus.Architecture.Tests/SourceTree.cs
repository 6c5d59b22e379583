namespace Elanus.Architecture.Tests;

/// <summary>The project's own files as they lie on disk, without what builds and tools put beside them.</summary>
internal static class SourceTree
{
    private static readonly string[] Tops = ["src", "tests", "bench", "deploy", "docs", ".ci"];
    private static readonly string[] Generated = ["bin", "obj", "node_modules", "TestResults"];
    private static readonly string[] Binary = [".png", ".ico", ".gz", ".bin", ".dll", ".pem", ".pfx"];

    /// <summary>The folder that holds Elanus.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every text file, by its path from the root with '/' between the parts.</summary>
    public static IReadOnlyList<SourceFile> Files { get; } = [.. Read().OrderBy(f => f.Path, StringComparer.Ordinal)];

    public static IEnumerable<SourceFile> CSharp => Files.Where(f => f.Path.EndsWith(".cs", StringComparison.Ordinal));

    public static IEnumerable<SourceFile> Projects(string top) =>
        Files.Where(f => f.Path.StartsWith(top + "/", StringComparison.Ordinal) && f.Path.EndsWith(".csproj", StringComparison.Ordinal));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Elanus.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"no folder above {AppContext.BaseDirectory} holds Elanus.slnx");
    }

    private static IEnumerable<SourceFile> Read()
    {
        var paths = Directory.EnumerateFiles(Root).Where(p => Path.GetFileName(p) != ".git").Concat(Tops.Select(t => Path.Combine(Root, t)).Where(Directory.Exists).SelectMany(Below));
        return paths.Where(p => !Binary.Contains(Path.GetExtension(p)))
            .Select(p => new SourceFile(Path.GetRelativePath(Root, p).Replace('\\', '/'), File.ReadAllText(p)));
    }

    private static IEnumerable<string> Below(string folder) => Directory.EnumerateFiles(folder)
        .Concat(Directory.EnumerateDirectories(folder).Where(d => !Generated.Contains(Path.GetFileName(d))).SelectMany(Below));
}
