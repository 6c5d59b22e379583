using Elanus.Engine;
using Elanus.Expressions;
using Elanus.Vectors;

namespace Elanus.Roles;

/// <summary>The proxy's vector searches.</summary>
public sealed class VectorSearches(ProxyContext proxy)
{
    public async Task<Result<SearchAnswer>> Search(SearchCall call, CancellationToken cancel)
    {
        if (!ReadPlan.Make(proxy, call).TryGet(out var plan, out var failure)
            || !OutputSelection.Resolve(plan.Collection.Schema, call.OutputFields, withKey: false).TryGet(out var output, out failure))
        {
            return failure;
        }

        var session = proxy.Clock.Now();
        var freshness = proxy.Freshness(plan.Collection, call.Consistency, call.Guarantee);
        if (!(await proxy.OpenView(plan.Collection, plan.Partitions, freshness, cancel)).TryGet(out var view, out failure))
        {
            return failure;
        }

        using (view)
        {
            if (!(await Vectors(view, plan, call, cancel)).TryGet(out var vectors, out failure)
                || !SearchTarget.Make(proxy, plan, call, vectors).TryGet(out var target, out failure))
            {
                return failure;
            }

            if (SearchTarget.TooManyHits(SearchTarget.HitsOf(call, vectors.Rows)) is { } tooMany)
            {
                return tooMany;
            }

            if (call.Iterator is { } step)
            {
                return (await SearchIteration.Step(view, target, step, proxy.Random, cancel)).TryGet(out var stepped, out failure)
                    ? Answer(view, plan, call, output, target, [stepped.Hits], session) with { Iterator = stepped.Next }
                    : failure;
            }

            return (await view.Search(target.Spec, cancel)).TryGet(out var found, out failure)
                ? Answer(view, plan, call, output, target, Hit.ByQuery(found), session)
                : failure;
        }
    }

    private static SearchAnswer Answer(
        CollectionView view,
        ReadPlan plan,
        SearchCall call,
        OutputSelection output,
        SearchTarget target,
        IReadOnlyList<IReadOnlyList<Hit>> hits,
        Timestamp session)
    {
        // With grouping the window counts groups, without it results.
        var skip = (int)call.Offset;
        var counts = new int[hits.Count];
        var kept = new List<Hit>();
        for (var query = 0; query < counts.Length; query++)
        {
            var all = hits[query];
            var rest = target.GroupField is null ? all.Skip(skip) : HitGroups.Skip(all, skip);
            var before = kept.Count;
            kept.AddRange(rest);
            counts[query] = kept.Count - before;
        }

        return SearchAnswers.Make(view, plan.Collection, output, kept, target.GroupField) with
        {
            Queries = counts.Length,
            TopK = call.TopK,
            Counts = counts,
            Scores = SearchAnswers.Rounded(kept, call.RoundDecimal),
            Session = session,
        };
    }

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
