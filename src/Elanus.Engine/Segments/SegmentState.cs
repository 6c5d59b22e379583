using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>One segment at one moment: how many of its rows are shown, and which of those are out. Any thread, while its snapshot is held.</summary>
internal sealed class SegmentState(Segment segment)
{
    private readonly RowMarks.Frozen dead = segment.Dead.Freeze();
    private readonly RowMarks.Frozen shadowed = segment.Shadowed.Freeze();
    private readonly RowMarks.Frozen crossed = segment.Crossed.Freeze();

    public SegmentId Id { get; } = segment.Id;

    public int Shard { get; } = segment.Shard;

    public PartitionId Partition { get; } = segment.Partition;

    public bool IsSealed { get; } = segment.IsSealed;

    public int Rows { get; } = segment.Published;

    public RowStore Store { get; } = segment.Store;

    public ImmutableArray<SegmentIndex> Indexes { get; } = [.. segment.Builds.Indexes];

    public RowMarks.Frozen Dead => dead;

    public RowMarks.Frozen Shadowed => shadowed;

    public RowMarks.Frozen Crossed => crossed;

    public int LiveRows => Rows - dead.Count;

    public void Hold()
    {
        Store.Hold();
        foreach (var index in Indexes)
        {
            index.Hold();
        }
    }

    public void Release()
    {
        Store.Release();
        foreach (var index in Indexes)
        {
            index.Release();
        }
    }
}
