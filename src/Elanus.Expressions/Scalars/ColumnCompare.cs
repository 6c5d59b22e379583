using System.Numerics;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>A fixed-width column against a constant of its own type.</summary>
internal sealed class ColumnCompare<T>(FieldId field, CompareOperator @operator, T constant) : Predicate
    where T : unmanaged, INumber<T>
{
    public override void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Truth into)
    {
        var column = rows.Column(field);
        CompareKernels.WithConstant(@operator, column.As<T>().Slice(rows.Start, rows.Count), constant, into.True);
        var validity = rows.Validity(column);
        for (var i = 0; i < rows.Words; i++)
        {
            into.Set(i, into.True[i], validity);
        }
    }

    public override void AddFields(ISet<FieldId> fields) => fields.Add(field);

    public override FieldId? KeyField { get; } = @operator == CompareOperator.Equal && typeof(T) == typeof(long) ? field : null;

    public override KeyConstraint? KeysOf(FieldId of) => of == KeyField ? KeyConstraint.Of([long.CreateTruncating(constant)]) : null;
}
