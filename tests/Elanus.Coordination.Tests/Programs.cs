namespace Elanus.Coordination.Tests;

/// <summary>Programs of the system that some tests start.</summary>
internal static class Programs
{
    private static readonly Dictionary<string, (string Package, string[] Folders)> Known = new()
    {
        ["etcd"] = ("etcd-server; ./test --install", []),
        ["postgres"] = ("postgresql, which ./test does not install by itself", ["/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/14/bin"]),
    };

    /// <summary>Where a program is, or null.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(Known.TryGetValue(program, out var known) ? known.Folders : [])
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Null where the program is there.</summary>
    public static string? WhyMissing(string program) =>
        Find(program) is not null ? null : $"{program} is not installed (package {Known[program].Package})";
}
