using System.Diagnostics;
using Elanus.Milvus.Protocol;
using Elanus.Rpc.Client;

namespace Elanus.Compat.Tests;

/// <summary>What operators get wrong with clusters: each is refused or borne with a sentence that says what to do, and nothing is lost.</summary>
public sealed class BadInputTests
{
    [Fact]
    public Task Directories_that_cannot_join_are_refused_and_the_cluster_goes_on() => ClusterPair.Undisturbed(RefusedDirectories);

    private static async Task RefusedDirectories(ClusterPair pair)
    {
        var survivors = await Survivors.Begin(pair.First);
        var load = survivors.Write(pair.First);
        await load.More(20);

        // A copy of a member that runs.
        var copy = Path.Combine(pair.Folder, "copy");
        CopyOf(Path.Combine(pair.Second.Folder, "data"), copy);
        var copied = await Run(pair, copy, ClusterPair.Cluster);
        Assert.NotEqual(0, copied.Code);
        Assert.Contains($"is running at {pair.Second.Address}", copied.Errors, StringComparison.Ordinal);

        // A standalone's, and another cluster's.
        var alone = Directory.CreateDirectory(Path.Combine(pair.Folder, "alone")).FullName;
        await using (var standalone = await ServerProcess.Start(new Dictionary<string, string>(), alone))
        {
            Assert.Equal(0, await standalone.Stop());
            var joining = await Run(pair, Path.Combine(alone, "data"), ClusterPair.Cluster);
            Assert.NotEqual(0, joining.Code);
            Assert.Contains("was a standalone's", joining.Errors, StringComparison.Ordinal);
        }

        Assert.Equal(0, await pair.Second.Stop());
        var stranger = await Run(pair, Path.Combine(pair.Second.Folder, "data"), "other");
        Assert.NotEqual(0, stranger.Code);
        Assert.Contains("belongs to the cluster 'pair', not to 'other'", stranger.Errors, StringComparison.Ordinal);
        var withoutCluster = await CommandRun.Of("run", "standalone", "--data", Path.Combine(pair.Second.Folder, "data"), "--port", "0", "--metrics-port", "0");
        Assert.NotEqual(0, withoutCluster.Code);
        Assert.Contains("belongs to the cluster 'pair'", withoutCluster.Errors, StringComparison.Ordinal);

        await load.More(20);
        await pair.Restart(pair.Second);
        await pair.Whole();
        await load.More(20);
        await load.DisposeAsync();
        await survivors.Check(pair.Second);
    }

    [Fact]
    public Task An_arbiter_that_answers_nonsense_freezes_the_set_and_is_told() => ClusterPair.Undisturbed(Nonsense);

    private static async Task Nonsense(ClusterPair pair)
    {
        var survivors = await Survivors.Begin(pair.First);
        var load = survivors.Write(pair.Second);
        await load.More(20);
        var entries = Directory.GetDirectories(Path.Combine(pair.Folder, "arbiter"), $"role-{ClusterPair.Cluster}").Single();
        var kept = Directory.GetFiles(entries).Where(file => Path.GetFileName(file).All(char.IsAsciiDigit)).ToDictionary(file => file, File.ReadAllBytes);
        Assert.NotEmpty(kept);
        foreach (var file in kept.Keys)
        {
            await File.WriteAllTextAsync(file, "hello");
        }

        foreach (var node in new[] { pair.First, pair.Second })
        {
            var status = await ClusterPair.Until(node, now => now.GetProperty("warnings").EnumerateArray().Any(warning => warning.GetString()!.Contains("is damaged", StringComparison.Ordinal)));
            Assert.True(status.GetProperty("serving").GetBoolean());
        }

        await load.More(50);
        foreach (var (file, content) in kept)
        {
            await File.WriteAllBytesAsync(file, content);
        }

        await ClusterPair.Until(pair.First, now => now.GetProperty("warnings")[0].GetString()!.Contains("answers again", StringComparison.Ordinal));
        await load.More(20);
        await load.DisposeAsync();
        Assert.Equal(0, survivors.Unknown);
        await survivors.Check(pair.Second);
    }

    [Fact]
    public Task Two_directories_that_are_taken_for_one_are_found_out_before_a_node_joins() => ClusterPair.Undisturbed(TwoDirectories);

    private static async Task TwoDirectories(ClusterPair pair)
    {
        var other = Path.Combine(pair.Folder, "arbiter-too");
        CopyOf(Path.Combine(pair.Folder, "arbiter"), other);
        var refused = await CommandRun.Of(
            "run", "standalone", "--data", Path.Combine(pair.Folder, "third"), "--port", "0", "--metrics-port", "0", "--cluster", ClusterPair.Cluster, "--arbiter", $"dir:{other}");
        Assert.NotEqual(0, refused.Code);
        Assert.Contains("are not one shared directory", refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("were not compared", pair.Second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public Task A_node_that_says_it_is_reached_where_the_active_is_is_refused() => ClusterPair.Undisturbed(SameAddress);

    private static async Task SameAddress(ClusterPair pair)
    {
        var survivors = await Survivors.Begin(pair.First);
        var load = survivors.Write(pair.First);
        await load.More(20);
        var port = ClusterPair.FreePort();
        var running = CommandRun.Of(
            "run", "standalone", "--data", Path.Combine(pair.Folder, "third"), "--port", $"{port}", "--metrics-port", "0", "--advertise", pair.First.Address, "--cluster", ClusterPair.Cluster, "--arbiter",
            $"dir:{Path.Combine(pair.Folder, "arbiter")}");
        using (var channel = new RpcChannel(new Uri($"http://127.0.0.1:{port}"), new()))
        {
            while (!running.IsCompleted)
            {
                // It knows of no collection, and must not say so.
                Assert.Null(await Survivors.Call<HasCollectionRequest, BoolResponse>(channel, "HasCollection", new() { CollectionName = Survivors.Collection }));
                await Task.Delay(10);
            }
        }

        var refused = await running;
        Assert.Equal(2, refused.Code);
        Assert.Contains($"says that it is reached at {pair.First.Address}, and so does this one", refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("is serving on", refused.Output, StringComparison.Ordinal);
        await load.More(20);
        await load.DisposeAsync();
        await survivors.Check(pair.Second);
    }

    [Fact]
    public async Task A_node_that_waits_for_its_arbiter_ends_with_its_supervisor()
    {
        var folder = Directory.CreateTempSubdirectory("elanus-orphan-").FullName;
        try
        {
            var start = TestedProgram.With(
                "run", "standalone", "--data", Path.Combine(folder, "data"), "--port", "0", "--metrics-port", "0", "--cluster", "orphan", "--arbiter", $"dir:{folder}/absent");
            start.RedirectStandardError = true;
            using var supervisor = Process.Start(start)!;

            // The server writes to its supervisor's stream: what ends the stream is that both are gone.
            while (await supervisor.StandardError.ReadLineAsync() is { } line && !line.Contains("is the share mounted", StringComparison.Ordinal))
            {
            }

            Assert.False(supervisor.HasExited);
            supervisor.Kill();
            await supervisor.StandardError.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<CommandRun> Run(ClusterPair pair, string data, string cluster) => CommandRun.Of(
        "run", "standalone", "--data", data, "--port", "0", "--metrics-port", "0", "--cluster", cluster, "--arbiter", $"dir:{Path.Combine(pair.Folder, "arbiter")}");

    private static void CopyOf(string from, string to)
    {
        foreach (var folder in Directory.GetDirectories(from, "*", SearchOption.AllDirectories).Prepend(from))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        }

        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
        {
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        }
    }
}
