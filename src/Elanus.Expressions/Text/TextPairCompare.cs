using System.Numerics;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>Two text columns against each other, in the order of their bytes.</summary>
internal sealed class TextPairCompare(FieldId left, CompareOperator @operator, FieldId right) : Predicate
{
    public override int Cost => Costs.Text;

    public override void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Truth into)
    {
        var leftColumn = rows.Column(left);
        var rightColumn = rows.Column(right);
        var leftValues = leftColumn.Values;
        var rightValues = rightColumn.Values;
        var leftOffsets = leftColumn.Offsets.Slice(rows.Start, rows.Count + 1);
        var rightOffsets = rightColumn.Offsets.Slice(rows.Start, rows.Count + 1);
        var leftValidity = rows.Validity(leftColumn);
        var rightValidity = rows.Validity(rightColumn);
        for (var word = 0; word < rows.Words; word++)
        {
            rows.StopIfCancelled();
            var known = (leftValidity.IsEmpty ? ulong.MaxValue : leftValidity[word]) & (rightValidity.IsEmpty ? ulong.MaxValue : rightValidity[word]);
            ulong bits = 0;
            for (var open = wanted[word] & known; open != 0; open &= open - 1)
            {
                var bit = BitOperations.TrailingZeroCount(open);
                var row = word * 64 + bit;
                var order = leftValues[(int)leftOffsets[row]..(int)leftOffsets[row + 1]]
                    .SequenceCompareTo(rightValues[(int)rightOffsets[row]..(int)rightOffsets[row + 1]]);
                bits |= @operator.Holds(order) ? 1UL << bit : 0;
            }

            into.Set(word, bits, known);
        }
    }

    public override void AddFields(ISet<FieldId> fields)
    {
        fields.Add(left);
        fields.Add(right);
    }
}
