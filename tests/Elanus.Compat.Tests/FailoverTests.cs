using System.Runtime.InteropServices;
using System.Text.Json;

namespace Elanus.Compat.Tests;

/// <summary>A pair with an arbiter in a shared directory: the active is killed under load, and its clients, who dial the other node, see no failed call.</summary>
public sealed partial class FailoverTests
{
    private const int Sigint = 2;
    private const int Sigkill = 9;
    private const int Kills = 3;

    private static readonly TimeSpan WholeMax = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_active_is_killed_again_and_again_and_nothing_acknowledged_is_lost()
    {
        var folder = Directory.CreateTempSubdirectory("elanus-pair-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "arbiter"));
            await using var first = await Member(folder, "first");
            await using var second = await Member(folder, "second");
            await Whole(first, second);
            var survivors = await Survivors.Begin(first);
            for (var kill = 0; kill < Kills; kill++)
            {
                var (active, standby) = await Whole(first, second);
                await using var load = survivors.Write(standby);
                await load.More(50);
                Assert.Equal(0, Kill((await Status(active))!.Value.GetProperty("pid").GetInt32(), Sigkill));

                // The writers' calls are held and passed on to the node they dialled, which is active now.
                await load.More(100);
            }

            await Whole(first, second);
            Assert.Equal(0, survivors.Unknown);
            Assert.Equal(0, survivors.Refused);
            await survivors.Check(first);
            await survivors.Check(second);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public Task A_pair_that_both_must_write_to_changes_its_active_without_a_failed_call() => ClusterPair.Undisturbed(BothWrite, ("CLUSTER_MININSYNC", "1"));

    private static async Task BothWrite(ClusterPair pair)
    {
        var survivors = await Survivors.Begin(pair.First);
        await using var load = survivors.Write(pair.Second);
        await load.More(50);
        var asked = await CommandRun.Of("switchover", "--address", pair.First.Address, "--data", Path.Combine(pair.First.Folder, "data"));
        Assert.Equal("", asked.Errors);

        // The next active begins with a set of itself: what is written waits until the other one is back.
        await load.More(100);
        await ClusterPair.Until(pair.Second, status => status.GetProperty("role").GetString() == "active" && status.GetProperty("in_sync").GetArrayLength() == 2);
        Assert.True(load.IsWhole, "a call failed");
        Assert.Equal((0, 0), (survivors.Unknown, survivors.Refused));
    }

    [Fact]
    public Task A_signal_to_supervisor_and_server_at_once_hands_over_too() => ClusterPair.Undisturbed(SignalBoth);

    private static async Task SignalBoth(ClusterPair pair)
    {

        // As a terminal does with Ctrl-C, or a service manager that signals all processes of a unit.
        Assert.Equal(0, Kill((await Status(pair.First))!.Value.GetProperty("pid").GetInt32(), Sigint));
        Assert.Equal(0, await pair.First.Stop());
        Assert.Contains("handing over first", pair.First.Output, StringComparison.Ordinal);
        var next = await ClusterPair.Until(pair.Second, status => status.GetProperty("role").GetString() == "active");
        Assert.Equal("the active handed over", next.GetProperty("failovers")[0].GetProperty("why").GetString());
    }

    private static Task<ServerProcess> Member(string folder, string name) => ServerProcess.Start(
        new Dictionary<string, string> { ["CLUSTER_NAME"] = "pair", ["CLUSTER_ARBITER"] = $"dir:{Path.Combine(folder, "arbiter")}" },
        Directory.CreateDirectory(Path.Combine(folder, name)).FullName,
        ClusterPair.FreePort());

    /// <summary>Waits until one of the two is active and both are in sync; which is which.</summary>
    private static async Task<(ServerProcess Active, ServerProcess Standby)> Whole(ServerProcess first, ServerProcess second)
    {
        var until = DateTime.UtcNow + WholeMax;
        while (DateTime.UtcNow < until)
        {
            foreach (var (one, other) in new[] { (first, second), (second, first) })
            {
                if (await Status(one) is { } status && status.GetProperty("role").GetString() == "active" && status.GetProperty("serving").GetBoolean() && status.GetProperty("in_sync").GetArrayLength() == 2)
                {
                    return (one, other);
                }
            }
        }

        throw new TimeoutException($"no whole pair within {WholeMax}:\n{first.Output}\n--\n{second.Output}");
    }

    private static async Task<JsonElement?> Status(ServerProcess node)
    {
        var run = await CommandRun.Of("status", "--address", node.Address, "--json");
        return run.Code == 0 ? JsonDocument.Parse(run.Output).RootElement : null;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
