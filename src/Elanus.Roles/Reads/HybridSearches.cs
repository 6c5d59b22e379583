using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>Several vector searches on one view, fused by rank or by weighted score.</summary>
public sealed class HybridSearches(ProxyContext proxy)
{
    private const int SearchesMax = 1_024;

    public Task<Result<SearchAnswer>> Search(HybridSearchCall call, CancellationToken cancel) => NameMoves.Follow(proxy, call, () => Once(call, cancel));

    private async Task<Result<SearchAnswer>> Once(HybridSearchCall call, CancellationToken cancel)
    {
        if (Check(call) is { } wrong)
        {
            return wrong;
        }

        if (!ReadPlan.Make(proxy, call).TryGet(out var plan, out var failure)
            || !OutputSelection.Resolve(plan.Collection.Schema, call.OutputFields, withKey: false).TryGet(out var output, out failure)
            || !SearchTarget.Grouping(plan.Collection, call.GroupByField, call.GroupSize).TryGet(out var groupField, out failure))
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
            if (CheckQueries(call) is { } uneven)
            {
                return uneven;
            }

            var hits = call.Searches.Sum(search => SearchTarget.HitsOf(search, search.Vectors?.Rows ?? 0, view));
            if (!(await proxy.Memory.Find(hits, worked: true, cancel)).TryGet(out var finding, out failure))
            {
                return failure;
            }

            using (finding)
            {
                var found = new List<(SearchTarget Target, IReadOnlyList<IReadOnlyList<Hit>> Hits)>();
                foreach (var search in call.Searches)
                {
                    if (!(await One(view, plan, search, cancel)).TryGet(out var one, out failure))
                    {
                        return failure;
                    }

                    found.Add(one);
                    if (found.Sum(f => f.Hits.Sum(h => (long)h.Count)) > proxy.Memory.HitsMax)
                    {
                        return proxy.Memory.HitsTooLarge;
                    }
                }

                var made = await SearchAnswers.Make(proxy.Memory, view, plan.Collection, output, Fused(view, call, groupField, found), groupField, call, call.RoundDecimal, cancel);
                return made.TryGet(out var answer, out failure) ? answer with { TopK = call.Limit, Session = session } : failure;
            }
        }
    }

    private static Failure? CheckQueries(HybridSearchCall call)
    {
        var rows = call.Searches[0].Vectors?.Rows ?? 0;
        return call.Searches.FirstOrDefault(search => search.Vectors is not null && search.Vectors.Rows != rows) is { } other
            ? Failure.Invalid($"nq should be the same in all searches of a hybrid search, got {rows} and {other.Vectors!.Rows}")
            : null;
    }

    private static Failure? Check(HybridSearchCall call)
    {
        if (call.Searches.Count is 0 or > SearchesMax)
        {
            return Failure.Invalid($"hybrid search needs 1 to {SearchesMax} searches, got {call.Searches.Count}");
        }

        if (call.Ranker is Ranker.Weighted weighted)
        {
            if (weighted.Weights.Count != call.Searches.Count)
            {
                return Failure.Invalid($"the length of weights param mismatch with ann search requests: invalid parameter[expected={call.Searches.Count}][actual={weighted.Weights.Count}]");
            }

            if (weighted.Weights.Any(w => !(w is >= 0 and <= 1)))
            {
                return Failure.Invalid("rank param weight should be in range [0, 1]");
            }
        }

        return call.Ranker is Ranker.Rrf { K: <= 0 or >= 16_384 } rrf
            ? Failure.Invalid($"The rank params k should be in range (0, 16384), got {rrf.K}")
            : null;
    }

    private async Task<Result<(SearchTarget Target, IReadOnlyList<IReadOnlyList<Hit>> Hits)>> One(CollectionView view, ReadPlan whole, SearchCall search, CancellationToken cancel)
    {
        if (search.Vectors is not { } vectors)
        {
            return Failure.Invalid("a search of a hybrid search needs query vectors");
        }

        if (!whole.Compile(search).TryGet(out var filter, out var failure)
            || !SearchTarget.Make(proxy, whole with { Filter = filter }, search, vectors).TryGet(out var target, out failure)
            || !(await view.Search(target.Spec, cancel)).TryGet(out var hits, out failure))
        {
            return failure;
        }

        return hits.TooMany ? proxy.Memory.HitsTooLarge : (target, Hit.ByQuery(hits));
    }

    private static KeptHits Fused(
        CollectionView view,
        HybridSearchCall call,
        FieldSchema? groupField,
        List<(SearchTarget Target, IReadOnlyList<IReadOnlyList<Hit>> Hits)> found)
    {
        var queries = found[0].Hits.Count;
        var kept = new IReadOnlyList<Hit>[queries];
        for (var query = 0; query < queries; query++)
        {
            // Rows by number, in the order of their keys, so that ties of fused scores go to the smaller key.
            var rows = found.SelectMany(f => f.Hits[query]).DistinctBy(h => h.Row).Order(Comparer<Hit>.Create((a, b) => Hit.CompareKeys(a.Key, b.Key))).ToList();
            var numberOf = rows.Select((hit, number) => (hit.Row, number)).ToDictionary(p => p.Row, p => p.number);
            var lists = found.Select(f => new RankedList(
                f.Target.Metric,
                [.. f.Hits[query].Select(h => numberOf[h.Row])],
                [.. f.Hits[query].Select(h => h.Score)])).ToList();
            IEnumerable<Hit> fused = RankFusion.Fuse(call.Ranker, lists).Select(r => rows[r.Row] with { Score = r.Score });
            if (groupField is not null)
            {
                fused = HitGroups.Skip(HitGroups.Gather(view, [.. fused], groupField, call.GroupSize), (int)call.Offset);
                fused = HitGroups.Take([.. fused], (int)call.Limit);
            }
            else
            {
                fused = fused.Skip((int)call.Offset).Take((int)call.Limit);
            }

            kept[query] = [.. fused];
        }

        return KeptHits.Of(kept);
    }
}
