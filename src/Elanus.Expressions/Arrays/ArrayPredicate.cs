using System.Numerics;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>A condition that is tested row by row on an array column; unknown where the array is null.</summary>
internal abstract class ArrayPredicate(FieldSchema field) : Predicate
{
    protected FieldSchema Field { get; } = field;

    public override int Cost => Costs.Array;

    public override void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Truth into)
    {
        var column = rows.Column(Field.Id);
        var reader = new ArrayReader(rows, column, Field.ElementType);
        var validity = rows.Validity(column);
        using var scratch = new Scratch<ulong>(MarkWords);
        scratch.Span.Clear();
        var marks = new ElementMarks(scratch.Span);
        for (var word = 0; word < rows.Words; word++)
        {
            rows.StopIfCancelled();
            var known = validity.IsEmpty ? ulong.MaxValue : validity[word];
            ulong bits = 0;
            for (var open = wanted[word] & known; open != 0; open &= open - 1)
            {
                var bit = BitOperations.TrailingZeroCount(open);
                switch (Test(reader, word * 64 + bit, ref marks))
                {
                    case Outcome.True:
                        bits |= 1UL << bit;
                        break;
                    case Outcome.Unknown:
                        known &= ~(1UL << bit);
                        break;
                }
            }

            into.Set(word, bits, known);
        }
    }

    public override void AddFields(ISet<FieldId> fields) => fields.Add(Field.Id);

    /// <summary>Words of marks that <see cref="Test"/> needs; cleared memory is shared by all rows of a run.</summary>
    protected virtual int MarkWords => 0;

    protected abstract Outcome Test(in ArrayReader reader, int row, ref ElementMarks marks);
}
