using System.Globalization;

namespace Elanus.Cli;

/// <summary>How often and how long the rows of the failover bench run: all of it shrinks with the number of kills.</summary>
internal sealed record FailoverCounts(int Kills)
{
    private const int KillsInFull = 1_000;
    private const int KillsForAllRows = 100;

    /// <summary>Cuts, and stops.</summary>
    public int Cuts => Math.Max(3, Kills / 10);

    public int Switchovers => Math.Max(3, Kills / 10);

    /// <summary>Failovers of each of the two clusters whose rows are many and few.</summary>
    public int FailoversBySize => Math.Max(5, Kills / 10);

    public const int FewRows = 10_000;

    public int ManyRows => Kills < KillsForAllRows ? 100_000 : 1_000_000;

    /// <summary>How long both cores are saturated.</summary>
    public TimeSpan Saturated => TimeSpan.FromSeconds(Math.Max(30, 600.0 * Kills / KillsInFull));

    /// <summary>Batches of each of the clients, of one round.</summary>
    public int BatchesAtOnce => Math.Clamp(Kills, 200, 400);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Kills} kills, {Cuts} cuts, {Cuts} stops, {Switchovers} switchovers, {FailoversBySize} failovers each with {ManyRows:N0} and {FewRows:N0} rows, {Saturated.TotalSeconds:0} s of saturation");
}
