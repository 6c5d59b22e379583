namespace Elanus.Compat.Tests;

/// <summary><c>elanus demo failover</c>.</summary>
public sealed class FailoverDemoTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task The_demonstration_writes_and_searches_over_its_kills_and_loses_nothing()
    {
        var run = await CommandRun.Of(Patience, "demo", "failover", "--kills", "2", "--plain");
        Assert.True(run.Code == 0, run.All);
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Count(line => line.StartsWith("kill ", StringComparison.Ordinal)));
        Assert.Matches("^kills 2, .* searches [1-9][0-9]*, wrong or stale 0, acknowledged [1-9][0-9]*, twice 0, lost 0$", lines[^1].TrimEnd());
    }
}
