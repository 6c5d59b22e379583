using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>The same answer for every row that has a value, unknown for the others: what is left of a comparison no value can change.</summary>
internal sealed class KnownPredicate(FieldId field, bool value) : Predicate
{
    public override void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Truth into)
    {
        var validity = rows.Validity(rows.Column(field));
        for (var i = 0; i < rows.Words; i++)
        {
            into.Set(i, value ? ulong.MaxValue : 0, validity);
        }
    }

    /// <summary>The predicate, folded to a constant where the field always has a value.</summary>
    public static Predicate Of(FieldSchema field, bool value) =>
        field.Nullable ? new KnownPredicate(field.Id, value) : ConstantPredicate.Of(value);

    public override void AddFields(ISet<FieldId> fields) => fields.Add(field);

    public override KeyConstraint? KeysOf(FieldId of) => value ? null : KeyConstraint.None;

    public override Predicate Negated() => new KnownPredicate(field, !value);
}
