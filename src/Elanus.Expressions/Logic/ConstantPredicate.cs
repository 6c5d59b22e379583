using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>True for every row, or false for every row.</summary>
internal sealed class ConstantPredicate : Predicate
{
    public static readonly ConstantPredicate Always = new(true);

    public static readonly ConstantPredicate Never = new(false);

    private ConstantPredicate(bool value) => Value = value;

    public bool Value { get; }

    public static ConstantPredicate Of(bool value) => value ? Always : Never;

    public override void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Truth into) => into.Fill(Value);

    public override void AddFields(ISet<FieldId> fields)
    {
    }

    public override KeyConstraint? KeysOf(FieldId field) => Value ? null : KeyConstraint.None;

    public override Predicate Negated() => Of(!Value);
}
