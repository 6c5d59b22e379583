using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>
/// A run of at most <see cref="RowsMax"/> rows of a block, beginning at a multiple of 64: small enough that the bitmaps and numbers of every
/// step of a plan stay in the processor's first caches.
/// </summary>
internal readonly ref struct RowSlice(IRowBlock block, int start, int count, CancellationToken cancel)
{
    public const int RowsMax = 4096;

    public const int WordsMax = RowsMax / 64;

    public int Start { get; } = start;

    public int Count { get; } = count;

    public int Words => (Count + 63) / 64;

    public ColumnBlock Column(FieldId field)
    {
        var column = block.Column(field);
        Invariant.Holds(column is not null && column.Rows == block.Rows, "a filter was given no column for one of its fields, or one of another length");
        return column;
    }

    /// <summary>To be called every 64 rows or so by what takes its time with a row: values may be large.</summary>
    public void StopIfCancelled() => cancel.ThrowIfCancellationRequested();

    /// <summary>The validity words of this run; empty where every row has a value.</summary>
    public ReadOnlySpan<ulong> Validity(ColumnBlock column)
    {
        var validity = column.Validity;
        return validity.IsEmpty ? [] : validity.Slice(Start / 64, Words);
    }
}
