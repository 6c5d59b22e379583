using System.Numerics;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>A test on a text column.</summary>
internal sealed class TextColumn(FieldId field, TextTest test) : Predicate
{
    public override int Cost => Costs.Text;

    public override void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Truth into)
    {
        var column = rows.Column(field);
        var values = column.Values;
        var offsets = column.Offsets.Slice(rows.Start, rows.Count + 1);
        var validity = rows.Validity(column);
        for (var word = 0; word < rows.Words; word++)
        {
            rows.StopIfCancelled();
            var known = validity.IsEmpty ? ulong.MaxValue : validity[word];
            ulong bits = 0;
            for (var open = wanted[word] & known; open != 0; open &= open - 1)
            {
                var bit = BitOperations.TrailingZeroCount(open);
                var start = (int)offsets[word * 64 + bit];
                var end = (int)offsets[word * 64 + bit + 1];
                bits |= test.Holds(values[start..end]) ? 1UL << bit : 0;
            }

            into.Set(word, bits, known);
        }
    }

    public override void AddFields(ISet<FieldId> fields) => fields.Add(field);

    public override FieldId? KeyField { get; } = test.Listed is null ? null : field;

    public override KeyConstraint? KeysOf(FieldId of) => of == KeyField ? KeyConstraint.Of(test.Listed!) : null;
}
