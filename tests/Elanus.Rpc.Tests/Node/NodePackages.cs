using System.Diagnostics;

namespace Elanus.Rpc.Tests.Node;

/// <summary>
/// Where @grpc/grpc-js is: among the packages of the compatibility tests where those are installed, else in a folder of the user's
/// cache, installed there once.
/// </summary>
internal static class NodePackages
{
    private const string GrpcJs = "@grpc/grpc-js";
    private const string ProtoLoader = "@grpc/proto-loader";
    private const string Pinned = "1.14.7";
    private const string LoaderPinned = "0.8.1";

    private static readonly Lazy<(string? Folder, string? Why)> Found = new(Find);

    /// <summary>The node_modules folder, or null.</summary>
    public static string? Folder => Found.Value.Folder;

    /// <summary>Why there is none.</summary>
    public static string? Missing => Found.Value.Why;

    /// <summary>Runs a program to its end, or kills it after the limit; its code and all that it said.</summary>
    public static (int Code, string Output) Run(string program, string[] arguments, TimeSpan limit, string? folder = null, string? nodePath = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "" };
        start.Environment["NODE_PATH"] = nodePath ?? "";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            return (-1, $"{program} did not end within {limit}; it said: {output.Result}{errors.Result}");
        }

        return (process.ExitCode, output.Result + errors.Result);
    }

    private static (string? Folder, string? Why) Find()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (new[] { "node", "npm" }.FirstOrDefault(program => !path.Any(folder => File.Exists(Path.Combine(folder, program)))) is { } absent)
        {
            return (null, $"{absent} is not installed");
        }

        var compat = Repository() is { } root ? Path.Combine(root, "tests", "compat", "node_modules") : "";
        if (Holds(compat))
        {
            return (compat, null);
        }

        var cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "elanus", $"grpc-js-{Pinned}");
        var modules = Path.Combine(cache, "node_modules");
        if (Holds(modules))
        {
            return (modules, null);
        }

        Directory.CreateDirectory(cache);
        File.WriteAllText(Path.Combine(cache, "package.json"), "{ \"private\": true }");
        var (code, output) = Run("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", $"{GrpcJs}@{Pinned}", $"{ProtoLoader}@{LoaderPinned}"], TimeSpan.FromMinutes(1), cache);
        return code == 0 && Holds(modules) ? (modules, null) : (null, $"npm could not install {GrpcJs}: {output.Trim().Split('\n')[^1]}");
    }

    private static bool Holds(string modules) => File.Exists(Path.Combine(modules, GrpcJs, "package.json")) && File.Exists(Path.Combine(modules, ProtoLoader, "package.json"));

    private static string? Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Elanus.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }
}

/// <summary>A test that needs Node and @grpc/grpc-js.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() => Skip = NodePackages.Missing;
}
