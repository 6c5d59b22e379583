using System.Text.RegularExpressions;

namespace Elanus.Compat.Tests;

/// <summary>A short run of <c>elanus chaos</c>: each kind of fault that lasts for seconds, once, in the seed's order.</summary>
public sealed partial class ChaosTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly string[] Kinds =
    [
        "30 % of the active's packets lost",
        "all nodes killed at once",
        "etcd's leader killed with the active",
        "kill -9 of a standby",
        "kill -9 of the active",
        "nothing from a standby reaches the active",
        "nothing from the active reaches the others",
        "the active cut from a standby",
        "the active cut from clients",
        "the active cut from the arbiter",
        "the active stopped for 5 s",
        "the active's disk full",
        "the active's host unplugged",
    ];

    [OwnHostsFact]
    public async Task Nodes_on_hosts_of_their_own_lose_nothing_to_any_kind_of_fault()
    {
        var run = await CommandRun.Of(Patience, "chaos", "--minutes", "0.4", "--seed", "11");
        Assert.True(run.Code == 0, run.All);
        Assert.Equal(Kinds, Fault().Matches(run.All).Select(fault => fault.Groups["kind"].Value).Distinct().Order(StringComparer.Ordinal));
        Assert.Matches("lost 0, twice 0, stale 0 of [1-9][0-9]* Strong reads and 0 of [1-9][0-9]* Session reads", run.All.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
    }

    [GeneratedRegex("^ *[0-9]+ s  (?<kind>.+): gap ", RegexOptions.Multiline)]
    private static partial Regex Fault();
}
