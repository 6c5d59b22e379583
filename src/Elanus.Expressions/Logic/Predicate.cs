using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>A condition of a plan: immutable, evaluated run by run. Any number of threads may evaluate one at once.</summary>
internal abstract class Predicate
{
    /// <summary>
    /// Answers for the rows whose bit is set in <paramref name="wanted"/>; the bits of others may become anything. The spans are as long as
    /// the run has words; no two of them overlap.
    /// </summary>
    public abstract void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Truth into);

    /// <summary>Adds the fields that evaluation reads.</summary>
    public abstract void AddFields(ISet<FieldId> fields);

    /// <summary>The field of whose values this is a list, for Int64 and text columns; null for anything else.</summary>
    public virtual FieldId? KeyField => null;

    /// <summary>The values of a field for which this can be true; null where it may be any.</summary>
    public virtual KeyConstraint? KeysOf(FieldId field) => null;

    /// <summary>Roughly what one row costs, beside 1 for a fixed-width comparison; orders the parts of a chain.</summary>
    public virtual int Cost => 1;

    /// <summary>The opposite; unknown stays unknown.</summary>
    public virtual Predicate Negated() => new NotPredicate(this);
}
