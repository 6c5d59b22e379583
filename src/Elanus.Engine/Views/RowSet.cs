using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>Some rows of one segment: all, a bitmap, or a few by number in ascending order.</summary>
internal readonly struct RowSet
{
    private readonly int rows;

    private RowSet(int rows, Bitset? bits, IReadOnlyList<int>? few)
    {
        this.rows = rows;
        Bits = bits;
        Few = few;
    }

    /// <summary>The bitmap, where the rows are one.</summary>
    public Bitset? Bits { get; }

    /// <summary>The numbers, where the rows are few.</summary>
    public IReadOnlyList<int>? Few { get; }

    public int Count => Few?.Count ?? Bits?.Count() ?? rows;

    /// <summary>The rows of a bitmap, or all where there is none.</summary>
    public static RowSet Of(int rows, Bitset? bits) => new(rows, bits, null);

    public static RowSet Of(int rows, IReadOnlyList<int> few) => new(rows, null, few);

    /// <summary>As a bitmap; null for all.</summary>
    public Bitset? ToBits()
    {
        if (Few is null)
        {
            return Bits;
        }

        var bits = new Bitset(rows);
        foreach (var row in Few)
        {
            bits[row] = true;
        }

        return bits;
    }

    /// <summary>The next row at or after one, or -1. Of a few rows use the list.</summary>
    public int Next(int from) => Bits is not null ? Bits.NextSet(from) : from < rows ? from : -1;
}
