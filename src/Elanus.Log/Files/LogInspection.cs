namespace Elanus.Log;

/// <summary>What the files of a log hold, as a start or `elanus verify` finds them.</summary>
/// <param name="Segments">Names of the segment files, oldest first, with the last position that each holds.</param>
/// <param name="End">The end of the history that can be read.</param>
/// <param name="TornTail">A write that was under way when the machine stopped, never acknowledged; null where there is none.</param>
/// <param name="Damage">Where the files are not what was once durable; a log with damage is not opened.</param>
public sealed record LogInspection(
    IReadOnlyList<(string File, ulong First, ulong Last)> Segments,
    HistoryEnd End,
    TornTail? TornTail,
    IReadOnlyList<LogDamage> Damage)
{
    /// <summary>The fences of the history.</summary>
    public EpochChain Chain { get; init; } = EpochChain.Empty;

    /// <summary>
    /// Bytes at the front of the newest segment file of which its groups prove, as they do of all older files, that they were durable. 0 where that file has no group.
    /// </summary>
    public long DurableBytes { get; init; }

    /// <summary>The last position of a cut that a start finished, where checkpoints of the records behind it may still be there: they prove nothing. Null where there is none.</summary>
    public ulong? LastCut { get; init; }

    /// <summary>The first position that can be read.</summary>
    public ulong Front => Segments.Count > 0 ? Segments[0].First : 1;
}
