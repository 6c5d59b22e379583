using System.Numerics;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>A test on one text element; unknown where the array is shorter.</summary>
internal sealed class ArrayElementText(FieldSchema field, int index, TextTest test) : ArrayPredicate(field)
{
    protected override Outcome Test(in ArrayReader reader, int row, ref ElementMarks marks) =>
        reader.TryElement(row, index, out var text) ? Outcomes.Of(test.Holds(text)) : Outcome.Unknown;
}

/// <summary>A test on one Bool element; unknown where the array is shorter.</summary>
internal sealed class ArrayElementBool(FieldSchema field, int index, bool whenFalse, bool whenTrue) : ArrayPredicate(field)
{
    protected override Outcome Test(in ArrayReader reader, int row, ref ElementMarks marks) =>
        reader.TryElement(row, index, out var element) ? Outcomes.Of(element[0] != 0 ? whenTrue : whenFalse) : Outcome.Unknown;
}

/// <summary>Whether an element is missing: the array is null or too short. Never unknown.</summary>
internal sealed class ArrayElementNull(FieldSchema field, int index) : Predicate
{
    public override void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Truth into)
    {
        var column = rows.Column(field.Id);
        var reader = new ArrayReader(rows, column, field.ElementType);
        var validity = rows.Validity(column);
        for (var word = 0; word < rows.Words; word++)
        {
            rows.StopIfCancelled();
            ulong present = 0;
            for (var open = wanted[word] & (validity.IsEmpty ? ulong.MaxValue : validity[word]); open != 0; open &= open - 1)
            {
                var bit = BitOperations.TrailingZeroCount(open);
                present |= reader.TryElement(word * 64 + bit, index, out _) ? 1UL << bit : 0;
            }

            into.Set(word, ~present, ulong.MaxValue);
        }
    }

    public override void AddFields(ISet<FieldId> fields) => fields.Add(field.Id);
}

/// <summary>A number element; a row with a shorter array has none.</summary>
internal sealed class ArrayElementNumber(FieldSchema field, int index) : NumericNode
{
    public override NumberType Type { get; } = NumberTypes.Of(field.ElementType);

    public override void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Numbers into)
    {
        var column = rows.Column(field.Id);
        var reader = new ArrayReader(rows, column, field.ElementType);
        var doubles = into.Doubles;
        into.SetKnown(rows.Validity(column));
        for (var row = 0; row < rows.Count; row++)
        {
            if (!into.IsKnown(row) || !reader.TryElement(row, index, out var element))
            {
                into.Known[row >> 6] &= ~(1UL << row);
            }
            else if (Type == NumberType.Integer)
            {
                into.Lanes[row] = ArrayReader.Integer(element, field.ElementType);
            }
            else
            {
                doubles[row] = ArrayReader.Floating(element, field.ElementType);
            }
        }
    }

    public override void AddFields(ISet<FieldId> fields) => fields.Add(field.Id);
}

/// <summary>How many elements an array has.</summary>
internal sealed class ArrayLength(FieldSchema field) : NumericNode
{
    public override NumberType Type => NumberType.Integer;

    public override void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Numbers into)
    {
        var column = rows.Column(field.Id);
        var reader = new ArrayReader(rows, column, field.ElementType);
        into.SetKnown(rows.Validity(column));
        for (var row = 0; row < rows.Count; row++)
        {
            into.Lanes[row] = reader.Length(row);
        }
    }

    public override void AddFields(ISet<FieldId> fields) => fields.Add(field.Id);
}
