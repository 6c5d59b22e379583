namespace Elanus.Compat.Tests;

/// <summary>The active is gone for good, and the standby was out of the in-sync set: only an operator's force makes it active.</summary>
public sealed class ForcedPromotionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public Task A_standby_outside_the_set_is_promoted_by_force_and_by_nobody_without_the_token() => ClusterPair.Undisturbed(Force);

    private static async Task Force(ClusterPair pair)
    {
        var survivors = await Survivors.Begin(pair.First);
        await using (var load = survivors.Write(pair.First))
        {
            await load.More(100);
        }

        using var first = Survivors.Open(pair.First);
        var onBoth = await Survivors.Ids(first);
        MemberProcess.Signal(pair.Folder, "second", MemberProcess.Sigstop);
        try
        {
            await using (var load = survivors.Write(pair.First))
            {
                await load.More(100);
            }

            await ClusterPair.Until(pair.First, status => status.GetProperty("alone_in_set").GetBoolean());
            await pair.First.KillAll();
        }
        finally
        {
            MemberProcess.Signal(pair.Folder, "second", MemberProcess.Sigcont);
        }

        var data = Path.Combine(pair.Second.Folder, "data");
        await Refused(pair, "promote needs --force", "--data", data);
        await Refused(pair, "the cluster's token is needed", "--force");
        var stranger = Directory.CreateDirectory(Path.Combine(pair.Folder, "stranger")).FullName;
        await File.WriteAllTextAsync(Path.Combine(stranger, "cluster.token"), "of another cluster");
        await Refused(pair, "the cluster's token is missing or another", "--force", "--data", stranger);
        var waiting = await ClusterPair.Until(pair.Second, status => status.GetProperty("role").GetString() == "standby" && status.GetProperty("in_sync").GetArrayLength() == 1);
        Assert.Equal(pair.First.Address, waiting.GetProperty("in_sync")[0].GetString());

        // As long as the arbiter has it that the active lived a moment ago, it is refused.
        var until = DateTime.UtcNow + Patience;
        CommandRun forced;
        do
        {
            forced = await Promote(pair, "--force", "--data", data);
        }
        while (forced.Code != 0 && DateTime.UtcNow < until);

        Assert.True(forced.Code == 0, forced.All);
        var active = await ClusterPair.Until(pair.Second, status => status.GetProperty("role").GetString() == "active" && status.GetProperty("serving").GetBoolean());
        Assert.Equal("an operator forced it", active.GetProperty("failovers")[0].GetProperty("why").GetString());
        using var second = Survivors.Open(pair.Second);
        Assert.Superset(onBoth, await Survivors.Ids(second));
        await using (var load = survivors.Write(pair.Second))
        {
            await load.More(20);
        }
    }

    private static async Task Refused(ClusterPair pair, string sentence, params string[] flags)
    {
        var refused = await Promote(pair, flags);
        Assert.Equal(1, refused.Code);
        Assert.Contains(sentence, refused.Errors, StringComparison.Ordinal);
    }

    private static Task<CommandRun> Promote(ClusterPair pair, params string[] flags) => CommandRun.Of(["promote", "--address", pair.Second.Address, .. flags]);
}
