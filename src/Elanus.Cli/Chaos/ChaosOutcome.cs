using System.Globalization;

namespace Elanus.Cli;

/// <summary>What a run of chaos did, and what its clients' history says.</summary>
internal sealed record ChaosOutcome(int Faults, long Acknowledged, long Lost, long Doubled, ReadTally Strong, ReadTally Session, double LongestGapMs)
{
    public bool IsGood => Lost == 0 && Doubled == 0 && Strong.Stale == 0 && Session.Stale == 0;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Faults} faults, acknowledged {Acknowledged}, lost {Lost}, twice {Doubled}, stale {Strong.Stale} of {Strong.Answered} Strong reads and {Session.Stale} of {Session.Answered} Session reads, longest time without an acknowledgement {LongestGapMs:0} ms");
}
