using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>Whether a column has a value; never unknown.</summary>
internal sealed class NullPredicate(FieldId field, bool isNull) : Predicate
{
    public override void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Truth into)
    {
        var validity = rows.Validity(rows.Column(field));
        for (var i = 0; i < rows.Words; i++)
        {
            var valid = validity.IsEmpty ? ulong.MaxValue : validity[i];
            into.Set(i, isNull ? ~valid : valid, ulong.MaxValue);
        }
    }

    public override void AddFields(ISet<FieldId> fields) => fields.Add(field);

    public override Predicate Negated() => new NullPredicate(field, !isNull);
}
