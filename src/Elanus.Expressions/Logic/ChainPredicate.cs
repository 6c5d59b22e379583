using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>
/// And, or or, of two or more operands. The order of operands changes no answer; an operand is
/// asked only about rows that those before it left open, so the cheap ones go first.
/// </summary>
internal sealed class ChainPredicate : Predicate
{
    private readonly bool isAnd;
    private readonly ImmutableArray<Predicate> operands;

    private ChainPredicate(bool isAnd, ImmutableArray<Predicate> operands)
    {
        this.isAnd = isAnd;
        this.operands = operands;
    }

    /// <summary>The conjunction or disjunction, with constant operands folded away.</summary>
    public static Predicate Of(bool isAnd, IEnumerable<Predicate> operands)
    {
        var kept = ImmutableArray.CreateBuilder<Predicate>();
        foreach (var operand in operands)
        {
            switch (operand)
            {
                case ConstantPredicate constant when constant.Value != isAnd:
                    return constant;
                case ConstantPredicate:
                    break;
                case ChainPredicate chain when chain.isAnd == isAnd:
                    kept.AddRange(chain.operands);
                    break;
                default:
                    kept.Add(operand);
                    break;
            }
        }

        if (!isAnd)
        {
            MergeLists(kept);
        }

        return kept.Count switch
        {
            0 => ConstantPredicate.Of(isAnd),
            1 => kept[0],
            _ => new ChainPredicate(isAnd, [.. kept.OrderBy(p => p.Cost)]),
        };
    }

    public override int Cost => operands.Sum(o => o.Cost);

    public override void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Truth into)
    {
        // Written as a conjunction: true where all are true, false where one is false. A disjunction is the same with the two swapped.
        var all = isAnd ? into : into.Swapped;
        operands[0].Evaluate(rows, wanted, into);
        var words = rows.Words;
        using var scratch = new Scratch<ulong>(3 * words);
        var open = scratch.Span[..words];
        var next = new Truth(scratch.Span.Slice(words, words), scratch.Span.Slice(2 * words, words));
        var nextAll = isAnd ? next : next.Swapped;
        foreach (var operand in operands.AsSpan()[1..])
        {
            ulong any = 0;
            for (var i = 0; i < words; i++)
            {
                open[i] = wanted[i] & ~all.False[i];
                any |= open[i];
            }

            if (any == 0)
            {
                return;
            }

            operand.Evaluate(rows, open, next);
            for (var i = 0; i < words; i++)
            {
                all.True[i] &= nextAll.True[i];
                all.False[i] |= nextAll.False[i];
            }
        }
    }

    public override void AddFields(ISet<FieldId> fields)
    {
        foreach (var operand in operands)
        {
            operand.AddFields(fields);
        }
    }

    public override KeyConstraint? KeysOf(FieldId field)
    {
        var all = operands.Select(o => o.KeysOf(field)).ToList();
        if (isAnd)
        {
            return all.Aggregate(KeyConstraint.Both) is { } joined ? joined with { IsExact = false } : null;
        }

        return all.Contains(null) ? null : KeyConstraint.Either(all!);
    }

    /// <summary>Turns <c>a == 1 or a == 2 or a in [...]</c> into one list, so that a long chain costs one lookup a row.</summary>
    private static void MergeLists(ImmutableArray<Predicate>.Builder operands)
    {
        foreach (var group in operands.Where(o => o.KeyField is not null).GroupBy(o => o.KeyField!.Value).Where(g => g.Skip(1).Any()).ToList())
        {
            var keys = KeyConstraint.Either([.. group.Select(o => o.KeysOf(group.Key)!)]).Values;
            var at = operands.IndexOf(group.First());
            operands.RemoveAll(o => o.KeyField == group.Key);
            operands.Insert(at, keys is [{ Type: DataType.Int64 }, ..]
                ? new ColumnIn<long>(group.Key, new IntegerSet(keys.Select(k => k.Integer)))
                : new TextColumn(group.Key, new TextIn(new TextSet(keys.Select(k => k.Text!)))));
        }
    }
}
