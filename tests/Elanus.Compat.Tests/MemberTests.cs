using System.Text.Json;

namespace Elanus.Compat.Tests;

/// <summary><c>elanus member</c> on a pair that needs both nodes for a write.</summary>
public sealed class MemberTests
{
    [Fact]
    public Task A_node_is_taken_out_and_let_in_again_and_never_silently_below_what_a_write_needs() => ClusterPair.Undisturbed(TakeOutAndLetIn, ("CLUSTER_MININSYNC", "1"));

    private static async Task TakeOutAndLetIn(ClusterPair pair)
    {
        var list = await CommandRun.Of("member", "list", "--address", pair.First.Address);
        var lines = list.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.EndsWith(" active", lines[0], StringComparison.Ordinal);
        var standby = lines[1].Split(' ')[1];
        Assert.Equal(0, (await CommandRun.Of("member", "list", "--address", pair.Second.Address)).Code);

        var withoutToken = await CommandRun.Of("member", "remove", standby, "--address", pair.First.Address);
        Assert.Equal(1, withoutToken.Code);
        Assert.Contains("--data", withoutToken.Errors, StringComparison.Ordinal);

        var unknown = await Member(pair, "remove", "00000000deadbeef");
        Assert.Equal(1, unknown.Code);
        Assert.Contains(standby, unknown.Errors, StringComparison.Ordinal);
        Assert.Contains(standby, (await Member(pair, "add", "00000000deadbeef")).Errors, StringComparison.Ordinal);

        var active = lines[0].Split(' ')[1];
        Assert.Contains("switchover", (await Member(pair, "remove", active)).Errors, StringComparison.Ordinal);

        var refused = await Member(pair, "remove", standby);
        Assert.Equal(1, refused.Code);
        Assert.Contains("a write needs 2", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(2, (await Status(pair)).GetProperty("in_sync").GetArrayLength());

        var forced = await Member(pair, "remove", standby, "--force");
        Assert.True(forced.Code == 0, forced.Errors);
        var alone = await Status(pair);
        Assert.Equal(1, alone.GetProperty("in_sync").GetArrayLength());
        Assert.False(alone.GetProperty("accepts_writes").GetBoolean());
        Assert.False(alone.GetProperty("peers")[0].GetProperty("in_sync").GetBoolean());

        var added = await Member(pair, "add", standby);
        Assert.True(added.Code == 0, added.Errors);
        var whole = await Status(pair);
        Assert.Equal(2, whole.GetProperty("in_sync").GetArrayLength());
        Assert.True(whole.GetProperty("accepts_writes").GetBoolean());
    }

    private static Task<CommandRun> Member(ClusterPair pair, string what, params string[] named) =>
        CommandRun.Of(["member", what, .. named, "--address", pair.First.Address, "--data", Path.Combine(pair.First.Folder, "data")]);

    private static Task<JsonElement> Status(ClusterPair pair) => ClusterPair.Until(pair.First, _ => true);
}
