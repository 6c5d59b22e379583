using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Elanus.Compat.Tests;

/// <summary>Members of a cluster whose arbiter is a directory, as processes with their supervisors; and signals to the servers among them.</summary>
internal static partial class MemberProcess
{
    public const int Sigkill = 9;
    public const int Sigcont = 18;
    public const int Sigstop = 19;

    private static readonly TimeSpan WholeMax = TimeSpan.FromSeconds(60);

    /// <summary>Starts a member over a directory of its own in a folder; its log and its checkpoints are as small as they can be.</summary>
    public static Task<ServerProcess> Start(string folder, string name, params string[] flags)
    {
        Directory.CreateDirectory(Path.Combine(folder, "arbiter"));
        var settings = new Dictionary<string, string>
        {
            ["CLUSTER_NAME"] = "joined",
            ["CLUSTER_ARBITER"] = $"dir:{Path.Combine(folder, "arbiter")}",
            ["ELANUS_LOG_FILESIZE"] = "1048576",
            ["ELANUS_CHECKPOINT_LOGSIZE"] = "1048576",
        };
        return ServerProcess.Start(settings, Directory.CreateDirectory(Path.Combine(folder, name)).FullName, ClusterPair.FreePort(), flags);
    }

    /// <summary>Waits until the node is active with so many members in sync.</summary>
    public static async Task Leads(ServerProcess node, int inSync)
    {
        var until = DateTime.UtcNow + WholeMax;
        var last = "no answer";
        while (DateTime.UtcNow < until)
        {
            var run = await CommandRun.Of("status", "--address", node.Address, "--json");
            last = run.Output;
            if (run.Code == 0
                && JsonDocument.Parse(run.Output).RootElement is var status
                && status.GetProperty("role").GetString() == "active"
                && status.GetProperty("serving").GetBoolean()
                && status.GetProperty("in_sync").GetArrayLength() == inSync)
            {
                return;
            }
        }

        throw new TimeoutException($"no active with {inSync} in sync within {WholeMax}: {last}\n{node.Output}");
    }

    /// <summary>Sends a signal to the server that works on a directory, not to its supervisor.</summary>
    public static void Signal(string folder, string name, int signal)
    {
        var processes = Over(folder, name);
        var server = Assert.Single(processes, process => processes.Any(other => other.Id == process.Parent));
        Assert.Equal(0, Kill(server.Id, signal));
    }

    /// <summary>The processes that work on a directory.</summary>
    public static IReadOnlyList<(int Id, int Parent)> Over(string folder, string name)
    {
        var data = Path.Combine(folder, name, "data");
        return
        [
            .. Directory.GetDirectories("/proc")
                .Where(path => int.TryParse(Path.GetFileName(path), out _))
                .Where(path => Text(Path.Combine(path, "cmdline")).Split('\0').Contains(data))
                .Select(path => (Number(Path.GetFileName(path)), Text(Path.Combine(path, "stat")).Split(") ")[^1].Split(' ') is { Length: > 1 } stat ? Number(stat[1]) : 0)),
        ];
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // The process has just ended.
            return "";
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
