namespace Elanus.Replication.Tests;

/// <summary>What random schedules find of a rule that is switched off, without being told where to look: a second net behind the explicit ones.</summary>
public sealed class WeakenedRandomlyTests
{
    private const ulong SeedsMax = 600;

    /// <param name="rule">Is off.</param>
    /// <param name="nodes">How many there are.</param>
    /// <param name="firstSeed">Where the search begins: what thousands of seeds meet once is looked for near the seed that does.</param>
    [Theory]
    [InlineData(nameof(ProtocolRules.EveryMemberAcknowledges), 3)]
    [InlineData(nameof(ProtocolRules.DurableBeforeAcknowledged), 3)]
    [InlineData(nameof(ProtocolRules.OnlyMembersClaim), 3)]
    [InlineData(nameof(ProtocolRules.JoinWaitsForCatchUp), 3)]
    [InlineData(nameof(ProtocolRules.SoloConfirmationOnlyWhileAlone), 3, 3000)]
    [InlineData(nameof(ProtocolRules.PromiseOnClaim), 2)]
    [InlineData(nameof(ProtocolRules.EpochEndsWithItsProcess), 2)]
    [InlineData(nameof(ProtocolRules.JoinNeedsOwnFence), 3)]
    [InlineData(nameof(ProtocolRules.ForcedMarkIsKept), 3)]
    [InlineData(nameof(ProtocolRules.CutBehindItsPromise), 3)]
    [InlineData(nameof(ProtocolRules.NothingShownBeforeFence), 3)]
    [InlineData(nameof(ProtocolRules.PromiseIsDurable), 3)]
    [InlineData(nameof(ProtocolRules.WholePrefixIsSynced), 3, 3000)]
    [InlineData(nameof(ProtocolRules.CutAlongTheChain), 2)]
    [InlineData(nameof(ProtocolRules.CommitOnlyWhatIsMatched), 2)]
    [InlineData(nameof(ProtocolRules.SoloWritesAreConfirmed), 2)]
    public void A_rule_switched_off_is_found(string rule, int nodes, ulong firstSeed = 1)
    {
        var weakened = new ProtocolRules();
        typeof(ProtocolRules).GetProperty(rule)!.SetValue(weakened, false);
        for (var seed = firstSeed; seed < firstSeed + SeedsMax; seed++)
        {
            var found = Record.Exception(() => RandomRun.Of(seed, nodes, weakened));
            if (found is ViolationException && !found.Message.StartsWith("liveness", StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"{SeedsMax} seeds did not find that {rule} is off");
    }
}
