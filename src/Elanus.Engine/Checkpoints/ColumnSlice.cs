using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// Some consecutive rows of a column, from a multiple of 64 on, in one form: validity is left out where every row has a value, and has no bits
/// of rows behind the last, which a growing column may have got meanwhile.
/// </summary>
internal sealed class ColumnSlice : ColumnBlock
{
    private readonly ColumnBlock whole;
    private readonly int from;
    private readonly uint[] offsets;
    private readonly ulong[] validity;

    public ColumnSlice(ColumnBlock whole, int from, int rows)
    {
        this.whole = whole;
        this.from = from;
        Rows = rows;
        validity = Normal(whole.Validity, from, rows);
        offsets = [];
        if (whole.Type.IsVariable())
        {
            offsets = whole.Offsets.Slice(from, rows + 1).ToArray();
            var start = offsets[0];
            for (var i = 0; i < offsets.Length; i++)
            {
                offsets[i] -= start;
            }
        }
    }

    public override DataType Type => whole.Type;

    public override DataType ElementType => whole.ElementType;

    public override int Dimension => whole.Dimension;

    public override int Rows { get; }

    public override ReadOnlySpan<byte> Values
    {
        get
        {
            if (Type.IsVariable())
            {
                var start = (int)whole.Offsets[from];
                return whole.Values[start..(start + (int)offsets[^1])];
            }

            var width = Type.Width(Dimension);
            return whole.Values.Slice(from * width, Rows * width);
        }
    }

    public override ReadOnlySpan<uint> Offsets => offsets;

    public override ReadOnlySpan<ulong> Validity => validity;

    private static ulong[] Normal(ReadOnlySpan<ulong> validity, int from, int rows)
    {
        if (validity.IsEmpty)
        {
            return [];
        }

        var words = validity.Slice(from / 64, (rows + 63) / 64).ToArray();
        var last = (rows & 63) == 0 ? ulong.MaxValue : (1UL << rows) - 1;
        words[^1] &= last;
        return words[^1] == last && !words.AsSpan(0, words.Length - 1).ContainsAnyExcept(ulong.MaxValue) ? [] : words;
    }
}
