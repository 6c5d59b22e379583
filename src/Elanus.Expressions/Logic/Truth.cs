namespace Elanus.Expressions;

/// <summary>
/// The answers of a predicate for a run of rows: one bit set where it is true, another where it is false, neither where it is unknown (Kleene's
/// strong three-valued logic, 1938). Negation swaps the two. No row has both.
/// </summary>
internal readonly ref struct Truth(Span<ulong> isTrue, Span<ulong> isFalse)
{
    public Span<ulong> True { get; } = isTrue;

    public Span<ulong> False { get; } = isFalse;

    public Truth Swapped => new(False, True);

    /// <summary>Splits outcomes by known rows: <paramref name="outcome"/> has a bit a row; an empty validity knows all.</summary>
    public void Set(int word, ulong outcome, ReadOnlySpan<ulong> validity)
    {
        var known = validity.IsEmpty ? ulong.MaxValue : validity[word];
        True[word] = outcome & known;
        False[word] = ~outcome & known;
    }

    public void Set(int word, ulong outcome, ulong known)
    {
        True[word] = outcome & known;
        False[word] = ~outcome & known;
    }

    public void Fill(bool value)
    {
        True.Fill(value ? ulong.MaxValue : 0);
        False.Fill(value ? 0 : ulong.MaxValue);
    }
}
