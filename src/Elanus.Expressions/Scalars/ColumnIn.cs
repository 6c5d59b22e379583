using System.Numerics;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>An integer column in a set: few values are compared one by one in vectors, more are looked up.</summary>
internal sealed class ColumnIn<T> : Predicate
    where T : unmanaged, IBinaryInteger<T>
{
    private const int FewMax = 16;

    private readonly FieldId field;
    private readonly T[] few;
    private readonly IntegerSet set;

    /// <param name="field">The column.</param>
    /// <param name="set">Values, all within the range of the column's type.</param>
    public ColumnIn(FieldId field, IntegerSet set)
    {
        this.field = field;
        this.set = set;
        few = set.Count <= FewMax ? [.. set.Values.Select(T.CreateChecked)] : [];
    }

    public override void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Truth into)
    {
        var column = rows.Column(field);
        var values = column.As<T>().Slice(rows.Start, rows.Count);
        if (set.Count <= FewMax)
        {
            CompareKernels.InFew(values, few, into.True);
        }
        else
        {
            for (var word = 0; word < rows.Words; word++)
            {
                into.True[word] = wanted[word] == 0 ? 0 : Lookup(values, word * 64);
            }
        }

        var validity = rows.Validity(column);
        for (var i = 0; i < rows.Words; i++)
        {
            into.Set(i, into.True[i], validity);
        }
    }

    public override void AddFields(ISet<FieldId> fields) => fields.Add(field);

    public override FieldId? KeyField => typeof(T) == typeof(long) ? this.field : null;

    public override KeyConstraint? KeysOf(FieldId of) => of == KeyField ? KeyConstraint.Of(set.Values) : null;

    private ulong Lookup(ReadOnlySpan<T> values, int start)
    {
        ulong bits = 0;
        var end = Math.Min(start + 64, values.Length);
        for (var row = start; row < end; row++)
        {
            bits |= (set.Contains(long.CreateTruncating(values[row])) ? 1UL : 0) << row;
        }

        return bits;
    }
}
