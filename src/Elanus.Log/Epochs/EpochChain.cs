using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// The fences of a history from its front on, with the epoch that reigned before the first of them. Two histories that hold the same fence
/// are the same before it, since a fence names its predecessor's claim and end; so comparing chains finds what they share.
/// Immutable; any thread may read it.
/// </summary>
public sealed class EpochChain(Epoch before, ImmutableArray<Fence> fences)
{
    public static readonly EpochChain Empty = new(Epoch.None, []);

    /// <summary>The epoch that reigned before the first fence.</summary>
    public Epoch Before => before;

    /// <summary>Oldest first.</summary>
    public ImmutableArray<Fence> Fences => fences;

    /// <summary>The epoch of the last record.</summary>
    public Epoch Last => Fences.IsEmpty ? Before : Fences[^1].Epoch;

    public EpochChain With(Fence fence)
    {
        Invariant.Holds(fence.Predecessor == Last && fence.Epoch.Number > Last.Number, $"a fence of {fence.Epoch} does not follow {Last}");
        return new(Before, Fences.Add(fence));
    }

    /// <summary>The chain of the same history up to and including a position.</summary>
    public EpochChain CutTo(ulong position) => new(Before, Fences.RemoveAll(fence => fence.Position.Number > position));

    /// <summary>The chain without the fences below a new front.</summary>
    public EpochChain From(ulong front)
    {
        var gone = Fences.TakeWhile(fence => fence.Position.Number < front).ToList();
        return gone.Count == 0 ? this : new(gone[^1].Epoch, Fences.RemoveRange(0, gone.Count));
    }

    /// <summary>The epoch in which a position stands; it must not lie below the front.</summary>
    public Epoch EpochAt(ulong position)
    {
        for (var i = Fences.Length - 1; i >= 0; i--)
        {
            if (Fences[i].Position.Number <= position)
            {
                return Fences[i].Epoch;
            }
        }

        return Before;
    }

    /// <summary>
    /// The last position that two histories share, given where each ends; null where they share no epoch that both chains still know, so
    /// that the shorter past (a checkpoint) must be compared instead. Epochs are the same only with the same claim.
    /// </summary>
    public static ulong? LastShared(EpochChain left, ulong leftEnd, EpochChain right, ulong rightEnd)
    {
        foreach (var (epoch, end) in left.Parts(leftEnd))
        {
            foreach (var (other, otherEnd) in right.Parts(rightEnd))
            {
                if (epoch == other)
                {
                    return Math.Min(end, otherEnd);
                }
            }
        }

        return null;
    }

    /// <summary>Each epoch with its last position, newest first.</summary>
    private IEnumerable<(Epoch Epoch, ulong End)> Parts(ulong end)
    {
        for (var i = Fences.Length - 1; i >= 0; i--)
        {
            yield return (Fences[i].Epoch, end);
            end = Fences[i].Position.Number - 1;
        }

        yield return (Before, end);
    }
}
