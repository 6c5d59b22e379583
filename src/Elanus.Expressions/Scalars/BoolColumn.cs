using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>A Bool column that is true, or that is false.</summary>
internal sealed class BoolColumn(FieldId field, bool expected) : Predicate
{
    public override void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Truth into)
    {
        var column = rows.Column(field);
        var outcome = expected ? into : into.Swapped;
        CompareKernels.WithConstant(CompareOperator.NotEqual, column.As<byte>().Slice(rows.Start, rows.Count), (byte)0, outcome.True);
        var validity = rows.Validity(column);
        for (var i = 0; i < rows.Words; i++)
        {
            outcome.Set(i, outcome.True[i], validity);
        }
    }

    public override void AddFields(ISet<FieldId> fields) => fields.Add(field);

    public override Predicate Negated() => new BoolColumn(field, !expected);
}
