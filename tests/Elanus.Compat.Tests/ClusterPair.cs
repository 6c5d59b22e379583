using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Elanus.Compat.Tests;

/// <summary>Two nodes of one cluster as processes, with an arbiter in a directory that both share; gone with everything when it is disposed.</summary>
internal sealed partial class ClusterPair : IAsyncDisposable
{
    public const string Cluster = "pair";

    private const int AttemptsMax = 3;

    private static readonly TimeSpan WholeMax = TimeSpan.FromSeconds(60);

    private readonly string folder;

    private ClusterPair(string folder, IReadOnlyDictionary<string, string> environment)
    {
        this.folder = folder;
        Environment = environment;
    }

    public string Folder => folder;

    /// <summary>What both find in their environments.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    public ServerProcess First { get; private set; } = null!;

    public ServerProcess Second { get; private set; } = null!;

    /// <summary>Starts both; the first forms the cluster and is active.</summary>
    /// <param name="besides">More environment variables of both.</param>
    public static Task<ClusterPair> Start(params (string Name, string Value)[] besides) => Start([], besides);

    /// <inheritdoc cref="Start((string, string)[])"/>
    /// <param name="flags">More of both command lines.</param>
    /// <param name="besides">More environment variables of both.</param>
    public static async Task<ClusterPair> Start(string[] flags, params (string Name, string Value)[] besides)
    {
        var folder = Directory.CreateTempSubdirectory("elanus-pair-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "arbiter"));
        var environment = new Dictionary<string, string> { ["CLUSTER_NAME"] = Cluster, ["CLUSTER_ARBITER"] = $"dir:{Path.Combine(folder, "arbiter")}" };
        foreach (var (name, value) in besides)
        {
            environment[name] = value;
        }

        var pair = new ClusterPair(folder, environment);
        try
        {
            pair.First = await pair.Member("first", FreePort(), flags);
            pair.Second = await pair.Member("second", FreePort(), flags);
            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// A test whose pair keeps its roles unless the test changes them. On a machine that lets the active stand still for longer than a standby bears,
    /// the standby rightly takes over: what the test saw says nothing then, and it begins anew.
    /// </summary>
    /// <param name="test">Gets a whole pair.</param>
    /// <param name="besides">More environment variables of both.</param>
    public static async Task Undisturbed(Func<ClusterPair, Task> test, params (string Name, string Value)[] besides)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var pair = await Start(besides);
            try
            {
                await pair.Whole();
                await test(pair);
                return;
            }
            catch (Exception) when (attempt < AttemptsMax && pair.WasTakenForDead)
            {
            }
        }
    }

    private bool WasTakenForDead => (First.Output + Second.Output).Contains("the active was silent or made no progress", StringComparison.Ordinal);

    /// <summary>A node of the cluster over a directory of its own in the pair's folder; the caller's.</summary>
    public Task<ServerProcess> Member(string name, int port, params string[] flags) =>
        ServerProcess.Start(Environment, Directory.CreateDirectory(Path.Combine(folder, name)).FullName, port, flags);

    /// <summary>Ends a node as an operator does, and starts it again over the same directory and port.</summary>
    public async Task Restart(ServerProcess node, params string[] flags)
    {
        Assert.Equal(0, await node.Stop());
        var name = Path.GetFileName(node.Folder);
        var again = await Member(name, new Uri($"http://{node.Address}").Port, flags);
        if (node == First)
        {
            First = again;
        }
        else
        {
            Second = again;
        }
    }

    /// <summary>Waits until the first node is active and both are in sync, and the second one knows it.</summary>
    public async Task Whole(params string[] flags)
    {
        await Until(First, status => status.GetProperty("role").GetString() == "active" && status.GetProperty("in_sync").GetArrayLength() == 2, flags);
        await Until(Second, status => status.GetProperty("in_sync").GetArrayLength() == 2 && status.GetProperty("serving").GetBoolean(), flags);
    }

    /// <summary>A node's status once it is as asked.</summary>
    public static async Task<JsonElement> Until(ServerProcess node, Func<JsonElement, bool> condition, params string[] flags)
    {
        var until = DateTime.UtcNow + WholeMax;
        CommandRun last;
        do
        {
            last = await CommandRun.Of(["status", "--address", node.Address, "--json", .. flags]);
            if (last.Code == 0 && JsonDocument.Parse(last.Output).RootElement is var status && condition(status))
            {
                return status;
            }
        }
        while (DateTime.UtcNow < until);

        throw new TimeoutException($"the status is not as awaited after {WholeMax}: {last.Output}{last.Errors}\n{node.Output}");
    }

    /// <summary>The value of a metric without labels.</summary>
    public static async Task<double> Metric(ServerProcess node, string name)
    {
        using var http = new HttpClient();
        var page = await http.GetStringAsync(new Uri($"http://{MetricsAddress().Match(node.Output).Groups[1].Value}/metrics"));
        var line = page.Split('\n').SingleOrDefault(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return line is null ? double.NaN : double.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in new[] { Second, First })
        {
            if (node is not null)
            {
                await node.DisposeAsync();
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    [GeneratedRegex("metrics on ([0-9.]+:[0-9]+)")]
    private static partial Regex MetricsAddress();
}
