using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Engine;

/// <summary>
/// One segment of a collection as the applier sees it. The applier alone changes it, under the collection's lock where a snapshot reads
/// it: store, published rows, state, marks. Id, shard and partition never change.
/// </summary>
internal sealed class Segment(SegmentId id, int shard, PartitionId partition, RowStore store)
{
    private const int ChannelBits = 9;
    private const int PositionBits = 40;
    private const int OrdinalBits = 14;

    private readonly long[] columnBytes = new long[store.Layout.Columns.Length];

    /// <summary>An empty segment that grows.</summary>
    public Segment(SegmentId id, int shard, PartitionId partition, SegmentLayout layout)
        : this(id, shard, partition, new GrowingRows(layout))
    {
    }

    public SegmentId Id => id;

    public int Shard => shard;

    public PartitionId Partition => partition;

    public RowStore Store { get; private set; } = store;

    /// <summary>Rows that readers may see; behind the store's while a record is being applied.</summary>
    public int Published { get; set; }

    public bool IsSealed { get; set; }

    /// <summary>The column file that the log says holds these rows; null until it does. This node's own has the same bytes, maybe under another name.</summary>
    public StoredFileReference? File { get; set; }

    /// <summary>The column file that the rows lie in here; null where they lie in memory.</summary>
    public StoredFileReference? OwnFile => (Store as PackedRows)?.File?.Reference;

    /// <summary>Out of the collection: dropped, truncated away, or merged into another.</summary>
    public bool IsGone { get; set; }

    /// <summary>Rows whose key was deleted after them.</summary>
    public RowMarks Dead { get; } = new();

    /// <summary>Rows with a newer row of their key in the same partition.</summary>
    public RowMarks Shadowed { get; } = new();

    /// <summary>Rows with a newer row of their key in another partition; meant only among rows neither dead nor shadowed.</summary>
    public RowMarks Crossed { get; } = new();

    /// <summary>What is built for this segment beside its rows.</summary>
    public SegmentBuilds Builds { get; } = new();

    public int LiveRows => Published - Dead.Count;

    /// <summary>
    /// A segment's id is a function of the log: channel (9 bits), number of the record that began it (40), place among the segments
    /// begun by that record (14). Growing and sealed keep it.
    /// </summary>
    public static SegmentId IdOf(LogPosition first, int ordinal)
    {
        Invariant.Holds(
            first.Channel.Value < 1u << ChannelBits && first.Number < 1UL << PositionBits && ordinal < 1 << OrdinalBits,
            "a segment's place in the log does not fit its id");
        return new((((long)first.Channel.Value << PositionBits | (long)first.Number) << OrdinalBits) | (uint)ordinal);
    }

    /// <summary>The record that began a segment, by its id.</summary>
    public static LogPosition FirstOf(SegmentId id) =>
        new(new((uint)(id.Value >> (PositionBits + OrdinalBits))), (ulong)(id.Value >> OrdinalBits) & ((1UL << PositionBits) - 1));

    /// <summary>A sealed segment that begins with all its rows; it takes the store over.</summary>
    public static Segment Sealed(SegmentId id, int shard, PartitionId partition, PackedRows store) =>
        new(id, shard, partition, store) { Published = store.Rows, IsSealed = true };

    /// <summary>Whether rows of these column sizes still fit under the bound on a column's bytes.</summary>
    public bool HasRoomFor(ReadOnlySpan<long> bytes, long most)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (columnBytes[i] + bytes[i] > most)
            {
                return false;
            }
        }

        return true;
    }

    public void Took(ReadOnlySpan<long> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            columnBytes[i] += bytes[i];
        }
    }

    /// <summary>Puts the same rows in another shape in the place of these; readers that hold the old ones keep them.</summary>
    public void Replace(RowStore store)
    {
        Invariant.Holds(store.Rows == Published && IsSealed, "a segment's rows were replaced by others");
        Store.Release();
        Store = store;
    }
}
