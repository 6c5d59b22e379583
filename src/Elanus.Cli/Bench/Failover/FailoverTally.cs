using System.Globalization;

namespace Elanus.Cli;

/// <summary>Over all rows of the bench: what was acknowledged and is lost or there twice, and what a Strong read did not show.</summary>
internal sealed class FailoverTally
{
    private long lost;
    private long doubled;
    private long stale;
    private long written;
    private long read;

    public Figure Figure => new(
        "acknowledged writes lost or there twice, stale Strong reads",
        string.Create(CultureInfo.InvariantCulture, $"{lost} lost and {doubled} twice of {written:N0}, {stale} stale of {read:N0}"),
        lost + doubled + stale,
        0,
        AtMost: true);

    public void Add(long itsLost, long itsDoubled, NumberedRows client) =>
        (lost, doubled, stale, written, read) = (lost + itsLost, doubled + itsDoubled, stale + client.Strong.Stale, written + client.Acknowledged, read + client.Strong.Answered);
}
