using Elanus.Replication;

namespace Elanus.Simulation.Tests;

/// <summary>The checks of whole nodes can fail: without a rule of the protocol they find what goes wrong within so many seeds. Rules whose absence only one run in
/// a thousand shows have their explicit schedules (docs/schedules.md).</summary>
public sealed class WeakenedClusterTests
{
    private const int SeedsMost = 600;

    [Theory]
    [InlineData(nameof(ProtocolRules.EveryMemberAcknowledges))]
    [InlineData(nameof(ProtocolRules.CommitOnlyWhatIsMatched))]
    [InlineData(nameof(ProtocolRules.StrongReadsAreConfirmed))]
    public void A_missing_rule_is_found(string rule)
    {
        var rules = ProtocolRules.All with { };
        typeof(ProtocolRules).GetProperty(rule)!.SetValue(rules, false);
        var range = new SeedRange(1, SeedsMost, Environment.ProcessorCount, new() { Nodes = 3, Rules = rules });
        range.Run(CancellationToken.None);
        Assert.True(range.FirstFailed is not null, $"no check failed in {SeedsMost} seeds without {rule}");
    }
}
