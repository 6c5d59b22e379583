using Elanus.Engine;
using Elanus.Expressions;
using Elanus.Vectors;

namespace Elanus.Roles;

/// <summary>The proxy's vector searches.</summary>
public sealed class VectorSearches(ProxyContext proxy)
{
    public Task<Result<SearchAnswer>> Search(SearchCall call, CancellationToken cancel) => NameMoves.Follow(proxy, call, () => Once(call, cancel));

    private async Task<Result<SearchAnswer>> Once(SearchCall call, CancellationToken cancel)
    {
        if (!ReadPlan.Make(proxy, call).TryGet(out var plan, out var failure)
            || !OutputSelection.Resolve(plan.Collection.Schema, call.OutputFields, withKey: false).TryGet(out var output, out failure))
        {
            return failure;
        }

        var freshness = proxy.Freshness(plan.Collection, call.Consistency, call.Guarantee);
        if (!(await proxy.OpenView(plan.Collection, plan.Partitions, freshness, cancel)).TryGet(out var view, out failure))
        {
            return failure;
        }

        var session = proxy.Node.Seen;
        using (view)
        {
            if (!(await Vectors(view, plan, call, cancel)).TryGet(out var vectors, out failure)
                || !SearchTarget.Make(proxy, plan, call, vectors).TryGet(out var target, out failure))
            {
                return failure;
            }

            var worked = call.Iterator is not null || target.GroupField is not null;
            if (!(await proxy.Memory.Find(SearchTarget.HitsOf(call, vectors.Rows, view), worked, cancel)).TryGet(out var finding, out failure))
            {
                return failure;
            }

            using (finding)
            {
                if (call.Iterator is { } step)
                {
                    return (await SearchIteration.Step(view, target, step, proxy.Random, cancel)).TryGet(out var stepped, out failure)
                        ? await Answer(view, plan, call, output, target, Kept(stepped.Hits), session, stepped.Next, cancel)
                        : failure;
                }

                if (!(await view.Search(target.Spec, cancel)).TryGet(out var found, out failure))
                {
                    return failure;
                }

                return found.TooMany
                    ? proxy.Memory.HitsTooLarge
                    : await Answer(view, plan, call, output, target, target.GroupField is null ? Skipped(found, (int)call.Offset) : WithoutGroups(found, (int)call.Offset), session, null, cancel);
            }
        }
    }

    private async Task<Result<SearchAnswer>> Answer(
        CollectionView view,
        ReadPlan plan,
        SearchCall call,
        OutputSelection output,
        SearchTarget target,
        KeptHits kept,
        Timestamp session,
        SearchIteratorStep? iterator,
        CancellationToken cancel)
    {
        var made = await SearchAnswers.Make(proxy.Memory, view, plan.Collection, output, kept, target.GroupField, call, call.RoundDecimal, cancel);
        return made.TryGet(out var answer, out var failure)
            ? answer with { TopK = call.TopK, Iterator = iterator, Session = session }
            : failure;
    }

    /// <summary>The hits without the first of each query.</summary>
    private static KeptHits Skipped(SearchHits found, int offset)
    {
        var scores = found.Scores as float[] ?? [.. found.Scores];
        var rows = found.Rows as RowReference[] ?? [.. found.Rows];
        if (offset == 0)
        {
            return new(found.HitsPerQuery, rows, scores);
        }

        var counts = found.HitsPerQuery.Select(all => Math.Max(0, all - offset)).ToList();
        var kept = new KeptHits(counts, new RowReference[counts.Sum()], new float[counts.Sum()]);
        var (from, to) = (0, 0);
        for (var query = 0; query < counts.Count; query++)
        {
            var all = found.HitsPerQuery[query];
            Array.Copy(rows, from + all - counts[query], kept.Rows, to, counts[query]);
            Array.Copy(scores, from + all - counts[query], kept.Scores, to, counts[query]);
            from += all;
            to += counts[query];
        }

        return kept;
    }

    /// <summary>The hits without those of the first groups of each query.</summary>
    private static KeptHits WithoutGroups(SearchHits found, int groups) =>
        KeptHits.Of([.. Hit.ByQuery(found).Select(hits => HitGroups.Skip(hits, groups).ToList())]);

    private static KeptHits Kept(IReadOnlyList<Hit> hits) => KeptHits.Of([hits]);

    /// <summary>The call's vectors, or those of the rows that it names.</summary>
    private static async Task<Result<ColumnBlock>> Vectors(CollectionView view, ReadPlan plan, SearchCall call, CancellationToken cancel)
    {
        if (call.Ids is not { } ids)
        {
            return call.Vectors is { } given ? Result<ColumnBlock>.Ok(given) : Failure.Invalid("search needs query vectors or ids");
        }

        if (!SearchTarget.VectorField(plan.Collection, call.Field).TryGet(out var field, out var failure))
        {
            return failure;
        }

        var key = plan.Collection.Schema.PrimaryKey;
        if (ids.Type != key.Type)
        {
            return Failure.Invalid($"search by ids: the ids are {ids.Type}, the primary key {key.Name} is {key.Type}");
        }

        if (KeySet.FirstDuplicate(ids) is { } twice)
        {
            return Failure.Invalid($"search by ids: {KeySet.Show(ids, twice)} stands twice");
        }

        var rowsOf = await KeyLookup.Find(view, plan.Collection, ids, [field.Id], cancel);
        if (!rowsOf.TryGet(out var found, out failure))
        {
            return failure;
        }

        var builder = new ColumnBuilder(field, ids.Rows);
        for (var row = 0; row < ids.Rows; row++)
        {
            if (!found.RowOf.TryGetValue(KeySet.Show(ids, row), out var at))
            {
                return Failure.Invalid($"search by ids: no row has the primary key {KeySet.Show(ids, row)}");
            }

            builder.AppendFrom(found.Rows.Find(field.Id)!, at);
        }

        return builder.Build();
    }
}
