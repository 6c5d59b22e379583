using System.Globalization;

namespace Elanus.Cli;

/// <summary>What a run of chaos did, and what its clients' history says.</summary>
internal sealed record ChaosOutcome(int Faults, long Acknowledged, long Lost, long Doubled, long Reads, long Stale, double LongestGapMs)
{
    public bool IsGood => Lost == 0 && Doubled == 0 && Stale == 0;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Faults} faults, acknowledged {Acknowledged}, lost {Lost}, twice {Doubled}, stale {Stale} of {Reads} Strong reads, longest time without an acknowledgement {LongestGapMs:0} ms");
}
