using System.Collections.Immutable;
using Elanus.Primitives;
using Elanus.Storage;

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

    /// <summary>The column file that the log names; null where it names none.</summary>
    public StoredFileReference? File { get; } = segment.File;

    /// <summary>The column file that the rows lie in here; null where they lie in memory.</summary>
    public StoredFileReference? OwnFile => (Store as PackedRows)?.File?.Reference;

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
