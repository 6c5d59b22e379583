using Elanus.Replication;

namespace Elanus.Simulation.Tests;

/// <summary>The checks of whole nodes can fail: without a rule of the protocol they find what goes wrong within a few seeds. Rules whose absence only one run in
/// hundreds shows have their explicit schedules (docs/schedules.md).</summary>
public sealed class WeakenedClusterTests
{
    private const int SeedsMost = 60;

    [Theory]
    [InlineData(nameof(ProtocolRules.EveryMemberAcknowledges))]
    [InlineData(nameof(ProtocolRules.CommitOnlyWhatIsMatched))]
    [InlineData(nameof(ProtocolRules.StrongReadsAreConfirmed))]
    public void A_missing_rule_is_found(string rule)
    {
        var rules = ProtocolRules.All with { };
        typeof(ProtocolRules).GetProperty(rule)!.SetValue(rules, false);
        for (ulong seed = 1; seed <= SeedsMost; seed++)
        {
            if (!SeedRun.Of(seed, new() { Nodes = 3, Rules = rules }).Held)
            {
                return;
            }
        }

        Assert.Fail($"no check failed in {SeedsMost} seeds without {rule}");
    }
}
