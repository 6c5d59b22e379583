using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>Some consecutive rows of a segment as columns. Any thread, as long as the store is held.</summary>
internal abstract class RowChunk(SegmentLayout layout, int start, int rows)
{
    /// <summary>The first row's number in its segment; a multiple of 64.</summary>
    public int Start => start;

    public int Rows => rows;

    public abstract ReadOnlySpan<ulong> Timestamps { get; }

    /// <summary>A field's values; where the segment is older than the field, the field's default or null in every row.</summary>
    public ColumnBlock Column(FieldSchema field)
    {
        var index = layout.Find(field.Id);
        return index >= 0 ? ColumnAt(index) : Absent(field);
    }

    public abstract ColumnBlock ColumnAt(int index);

    protected virtual ColumnBlock Absent(FieldSchema field) => ColumnSource.Absent(field).Repeat(field, rows);
}
