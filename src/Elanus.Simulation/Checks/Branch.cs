namespace Elanus.Simulation;

/// <summary>
/// One history of a run: the records that were committed under its epochs, and what was answered from them. There is one, until an operator forces a promotion:
/// then another one leaves it, and what the forced node lacked is answered for by the old one alone.
/// </summary>
/// <param name="parent">The one that it leaves; null for the first.</param>
/// <param name="from">Its first epoch; 0 for the first branch's.</param>
/// <param name="shared">The last position that is known, when it begins, to be the same in both.</param>
/// <param name="evidence">Empty, or what is known to be shared.</param>
public sealed class Branch(Branch? parent, ulong from, ulong shared, Evidence evidence) : IDisposable
{
    public Branch? Parent => parent;

    public ulong From => from;

    public ulong Shared => shared;

    public Evidence Evidence => evidence;

    public ReplayedState Replayed { get; } = new(evidence);

    /// <summary>The highest commit position that any answer from this history had seen.</summary>
    public ulong Committed { get; set; } = Math.Min(parent?.Committed ?? 0, shared);

    /// <summary>The highest applied position that any answer from this history had seen.</summary>
    public ulong Applied { get; set; } = Math.Min(parent?.Applied ?? 0, shared);

    /// <summary>Comes to know what another one knows, up to a position at which both are the same; answers what is wrong with that, or null.</summary>
    public string? Fill(Branch other, ulong upTo)
    {
        for (var position = 1UL; position <= Math.Min(upTo, other.Evidence.Position); position++)
        {
            var record = other.Evidence.At(position);
            if (position > evidence.Position)
            {
                if (evidence.Add(record) is { } wrong)
                {
                    return wrong;
                }
            }
            else if (!evidence.At(position).IsSame(record))
            {
                return $"record {position} was committed by a node that follows the forced epoch {from} now, and is another one there";
            }
        }

        return null;
    }

    /// <summary>Comes to know what it took over from the one that it left, up to a position.</summary>
    public string? FillFromParent(ulong upTo) =>
        evidence.Position >= upTo || parent is null ? null : parent.FillFromParent(Math.Min(upTo, parent.Shared)) ?? Fill(parent, upTo);

    public void Dispose() => Replayed.Dispose();
}
