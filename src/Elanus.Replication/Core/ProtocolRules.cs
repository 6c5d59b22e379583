namespace Elanus.Replication;

/// <summary>
/// The rules that keep data safe, each by name (docs/schedules.md has the schedule behind each). All are always on; a test switches one off to
/// prove that the checkers would see its absence.
/// </summary>
internal sealed record ProtocolRules
{
    public static readonly ProtocolRules All = new();

    public bool EveryMemberAcknowledges { get; init; } = true;

    public bool DurableBeforeAcknowledged { get; init; } = true;

    public bool OnlyMembersClaim { get; init; } = true;

    public bool JoinWaitsForCatchUp { get; init; } = true;

    public bool UnionWhileChangeIsOpen { get; init; } = true;

    public bool LeavingCountsOnceKnown { get; init; } = true;

    public bool SoloConfirmationOnlyWhileAlone { get; init; } = true;

    public bool PromiseOnClaim { get; init; } = true;

    public bool UnchangedVersionStaysOpen { get; init; } = true;

    public bool EpochEndsWithItsProcess { get; init; } = true;

    public bool JoinNeedsOwnFence { get; init; } = true;

    public bool ForcedMarkIsKept { get; init; } = true;

    public bool CutBehindItsPromise { get; init; } = true;

    public bool NothingShownBeforeFence { get; init; } = true;

    public bool PromiseIsDurable { get; init; } = true;

    public bool AcknowledgedUnderOwnEpoch { get; init; } = true;

    public bool WholePrefixIsSynced { get; init; } = true;

    public bool CutAlongTheChain { get; init; } = true;

    public bool CommitOnlyWhatIsMatched { get; init; } = true;

    public bool StrongReadsAreConfirmed { get; init; } = true;

    public bool ConfirmationBeginsAfterRead { get; init; } = true;

    public bool ReadsConfirmedUnderOwnEpoch { get; init; } = true;

    public bool SoloWritesAreConfirmed { get; init; } = true;
}
