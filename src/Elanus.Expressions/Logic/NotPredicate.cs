using Elanus.Primitives;

namespace Elanus.Expressions;

internal sealed class NotPredicate(Predicate operand) : Predicate
{
    public override int Cost => operand.Cost;

    public override void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Truth into) => operand.Evaluate(rows, wanted, into.Swapped);

    public override void AddFields(ISet<FieldId> fields) => operand.AddFields(fields);

    public override Predicate Negated() => operand;
}
