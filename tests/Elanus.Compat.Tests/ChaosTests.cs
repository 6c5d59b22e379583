namespace Elanus.Compat.Tests;

/// <summary>A short run of <c>elanus chaos</c>; which faults come is the seed's choice.</summary>
public sealed class ChaosTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [OwnHostsFact]
    public async Task Nodes_on_hosts_of_their_own_lose_nothing_to_half_a_minute_of_faults()
    {
        var run = await CommandRun.Of(Patience, "chaos", "--minutes", "0.4", "--seed", "11");
        Assert.True(run.Code == 0, run.All);
        Assert.Contains("lost 0, twice 0, stale 0 of", run.All.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1], StringComparison.Ordinal);
    }
}
