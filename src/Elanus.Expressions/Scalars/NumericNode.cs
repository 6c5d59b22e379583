using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>What the numbers of a <see cref="NumericNode"/> are.</summary>
internal enum NumberType
{
    /// <summary>64-bit integers.</summary>
    Integer,

    /// <summary>Doubles that were rounded to single precision, as every step on Float fields is.</summary>
    Single,

    Double,

    /// <summary>Integer or double from row to row: JSON.</summary>
    Mixed,
}

internal static class NumberTypes
{
    /// <summary>The type of a column's or an array element's numbers.</summary>
    public static NumberType Of(DataType type) => type switch
    {
        DataType.Float => NumberType.Single,
        DataType.Double => NumberType.Double,
        _ => NumberType.Integer,
    };
}

/// <summary>
/// Numbers of a run of rows: 64 bits a row, an integer's or a double's; a bit where a row has one; and for mixed ones a bit where it is an
/// integer. Rows without a number hold anything.
/// </summary>
internal readonly ref struct Numbers(Span<long> lanes, Span<ulong> known, Span<ulong> integers)
{
    public Span<long> Lanes { get; } = lanes;

    public Span<double> Doubles => MemoryMarshal.Cast<long, double>(Lanes);

    public Span<ulong> Known { get; } = known;

    public Span<ulong> Integers { get; } = integers;

    public bool IsKnown(int row) => (Known[row >> 6] >> row & 1) != 0;

    public bool IsInteger(int row) => (Integers[row >> 6] >> row & 1) != 0;

    public void SetKnown(ReadOnlySpan<ulong> validity)
    {
        if (validity.IsEmpty)
        {
            Known.Fill(ulong.MaxValue);
        }
        else
        {
            validity.CopyTo(Known);
        }
    }

    /// <summary>Turns the lanes of a type into doubles, in place.</summary>
    public void Widen(NumberType from)
    {
        if (from is NumberType.Single or NumberType.Double)
        {
            return;
        }

        var doubles = Doubles;
        for (var row = 0; row < Lanes.Length; row++)
        {
            if (from == NumberType.Integer || IsInteger(row))
            {
                doubles[row] = Lanes[row];
            }
        }
    }
}

/// <summary>A number for every row: a column, a constant, a JSON value, or arithmetic over these. Immutable.</summary>
internal abstract class NumericNode
{
    public abstract NumberType Type { get; }

    /// <summary>Fills the numbers of the wanted rows; other rows may become known or not, with any value.</summary>
    public abstract void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Numbers into);

    public abstract void AddFields(ISet<FieldId> fields);

    /// <summary>Roughly what one row costs; see <see cref="Costs"/>.</summary>
    public virtual int Cost => Costs.Numbers;
}

/// <summary>Memory for the numbers of one node of a run.</summary>
internal readonly ref struct NumberScratch
{
    private readonly Scratch<long> lanes;
    private readonly Scratch<ulong> bits;

    public NumberScratch(in RowSlice rows)
    {
        lanes = new Scratch<long>(rows.Count);
        bits = new Scratch<ulong>(2 * rows.Words);
        Numbers = new Numbers(lanes.Span, bits.Span[..rows.Words], bits.Span[rows.Words..]);
    }

    public Numbers Numbers { get; }

    public void Dispose()
    {
        lanes.Dispose();
        bits.Dispose();
    }
}
