using Elanus.Replication;

namespace Elanus.Simulation.Tests;

/// <summary>The checks of whole nodes can fail: without a rule of the protocol they find what goes wrong within a few seeds.</summary>
public sealed class WeakenedClusterTests
{
    private const int SeedsMost = 60;

    [Theory]
    [InlineData(nameof(ProtocolRules.EveryMemberAcknowledges), 1)]
    [InlineData(nameof(ProtocolRules.CommitOnlyWhatIsMatched), 1)]
    [InlineData(nameof(ProtocolRules.StrongReadsAreConfirmed), 1)]
    // Found by about one seed in a hundred: the search begins before one that does.
    [InlineData(nameof(ProtocolRules.JoinWaitsForCatchUp), 160)]
    public void A_missing_rule_is_found(string rule, ulong from)
    {
        var rules = ProtocolRules.All with { };
        typeof(ProtocolRules).GetProperty(rule)!.SetValue(rules, false);
        for (var seed = from; seed < from + SeedsMost; seed++)
        {
            if (!SeedRun.Of(seed, new() { Nodes = 3, Rules = rules }).Held)
            {
                return;
            }
        }

        Assert.Fail($"no check failed in {SeedsMost} seeds without {rule}");
    }
}
