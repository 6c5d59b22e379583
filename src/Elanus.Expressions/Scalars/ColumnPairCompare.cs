using System.Numerics;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>Two fixed-width columns of one type against each other.</summary>
internal sealed class ColumnPairCompare<T>(FieldId left, CompareOperator @operator, FieldId right) : Predicate
    where T : unmanaged, INumber<T>
{
    public override void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Truth into)
    {
        var leftColumn = rows.Column(left);
        var rightColumn = rows.Column(right);
        CompareKernels.Pairs(@operator, leftColumn.As<T>().Slice(rows.Start, rows.Count), rightColumn.As<T>().Slice(rows.Start, rows.Count), into.True);
        var leftValidity = rows.Validity(leftColumn);
        var rightValidity = rows.Validity(rightColumn);
        for (var i = 0; i < rows.Words; i++)
        {
            var known = (leftValidity.IsEmpty ? ulong.MaxValue : leftValidity[i]) & (rightValidity.IsEmpty ? ulong.MaxValue : rightValidity[i]);
            into.Set(i, into.True[i], known);
        }
    }

    public override void AddFields(ISet<FieldId> fields)
    {
        fields.Add(left);
        fields.Add(right);
    }
}
