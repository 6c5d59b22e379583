using System.Numerics;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>A number in a set.</summary>
internal sealed class NumericIn(NumericNode operand, NumberSet set) : Predicate
{
    public override int Cost => operand.Cost;

    public override void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Truth into)
    {
        using var scratch = new NumberScratch(rows);
        var numbers = scratch.Numbers;
        operand.Evaluate(rows, wanted, numbers);
        for (var word = 0; word < rows.Words; word++)
        {
            ulong bits = 0;
            for (var open = wanted[word] & numbers.Known[word]; open != 0; open &= open - 1)
            {
                var bit = BitOperations.TrailingZeroCount(open);
                var row = word * 64 + bit;
                var isInteger = operand.Type == NumberType.Integer || (operand.Type == NumberType.Mixed && numbers.IsInteger(row));
                bits |= (isInteger ? set.Contains(numbers.Lanes[row]) : set.Contains(numbers.Doubles[row])) ? 1UL << bit : 0;
            }

            into.Set(word, bits, numbers.Known[word]);
        }
    }

    public override void AddFields(ISet<FieldId> fields) => operand.AddFields(fields);
}
