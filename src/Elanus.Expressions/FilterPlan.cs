using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>
/// A filter, bound to a schema and ready to run. Immutable: any number of threads may evaluate one at once. Conditions follow
/// three-valued logic; a row matches where the whole is true, not where it is unknown.
/// </summary>
public sealed class FilterPlan
{
    private readonly Predicate root;
    private readonly double share;

    internal FilterPlan(Predicate root, double share)
    {
        this.root = root;
        this.share = share;
        var fields = new SortedSet<FieldId>(Comparer<FieldId>.Create((a, b) => a.Value.CompareTo(b.Value)));
        root.AddFields(fields);
        Fields = [.. fields];
    }

    /// <summary>The fields whose columns evaluation asks for, in ascending order of id.</summary>
    public ImmutableArray<FieldId> Fields { get; }

    /// <summary>Every row matches: evaluation can be left out.</summary>
    public bool AlwaysMatches => root is ConstantPredicate { Value: true } && !IsSample;

    /// <summary>No row can match.</summary>
    public bool NeverMatches => root is ConstantPredicate { Value: false };

    /// <summary>The plan ends in random_sample: which rows match depends on the seed.</summary>
    public bool IsSample => share > 0;

    /// <summary>
    /// The values of a field (a primary or partition key: Int64 or VarChar) outside which no row can match, from conditions such as
    /// <c>key == v</c> and <c>key in [...]</c> under and / or; null where the filter does not bound the field. Where it is exact, the filter is
    /// that list of keys and nothing else, so that rows can be looked up instead of scanned.
    /// </summary>
    public KeyConstraint? KeysOf(FieldId field)
    {
        var keys = root.KeysOf(field);
        return keys is not null && IsSample ? keys with { IsExact = false } : keys;
    }

    /// <summary>
    /// Sets the bits of the rows that match and clears the others. <paramref name="into"/> has one bit a row of the block. A sample is drawn from this
    /// block's matching rows, the same one for the same seed: give each block a seed of its own.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled; the bits may be anything.</exception>
    public void Evaluate(IRowBlock block, Bitset into, ulong sampleSeed = 0, CancellationToken cancel = default)
    {
        Invariant.Holds(into.Length == block.Rows, "a filter's result has another length than its rows");
        into.SetAll(true);
        EvaluateWithin(block, into, sampleSeed, cancel);
    }

    /// <summary>As <see cref="Evaluate"/>, but only rows whose bit is set on entry are looked at and can match: rows that are already out cost nothing.</summary>
    public void EvaluateWithin(IRowBlock block, Bitset candidates, ulong sampleSeed = 0, CancellationToken cancel = default)
    {
        MeetConditions(block, candidates, cancel);
        Sample(candidates, sampleSeed);
    }

    /// <summary>As <see cref="EvaluateWithin"/>, but for a sample, which is left to <see cref="Sample"/>: for rows that come in several blocks.</summary>
    public void MeetConditions(IRowBlock block, Bitset candidates, CancellationToken cancel)
    {
        Invariant.Holds(candidates.Length == block.Rows, "a filter's result has another length than its rows");
        if (root is not ConstantPredicate { Value: true })
        {
            using var scratch = new Scratch<ulong>(2 * RowSlice.WordsMax);
            for (var start = 0; start < block.Rows; start += RowSlice.RowsMax)
            {
                var rows = new RowSlice(block, start, Math.Min(RowSlice.RowsMax, block.Rows - start), cancel);
                rows.StopIfCancelled();
                var wanted = candidates.Words.Slice(start / 64, rows.Words);
                if (wanted.IndexOfAnyExcept(0UL) < 0)
                {
                    continue;
                }

                var truth = new Truth(scratch.Span[..rows.Words], scratch.Span.Slice(RowSlice.WordsMax, rows.Words));
                root.Evaluate(rows, wanted, truth);
                for (var word = 0; word < wanted.Length; word++)
                {
                    wanted[word] &= truth.True[word];
                }
            }
        }

    }

    /// <summary>
    /// Keeps a sample of the rows that met the conditions, where the plan asks for one; the same for the same seed. The rows are those of everything that the
    /// share is meant of, not of one block of it.
    /// </summary>
    public void Sample(Bitset matching, ulong seed)
    {
        if (IsSample)
        {
            Sampling.Keep(matching, share, seed);
        }
    }
}
