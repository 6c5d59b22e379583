using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>Works on hits that belong to groups.</summary>
internal static class HitGroups
{
    /// <summary>The hits without those of the first groups, in the order in which the groups first appear.</summary>
    public static IEnumerable<Hit> Skip(IReadOnlyList<Hit> hits, int groups)
    {
        var skipped = new HashSet<FieldValue?>();
        foreach (var hit in hits)
        {
            if (skipped.Contains(hit.Group))
            {
                continue;
            }

            if (skipped.Count < groups)
            {
                skipped.Add(hit.Group);
                continue;
            }

            yield return hit;
        }
    }

    /// <summary>The hits of the first groups, in the hits' order.</summary>
    public static IEnumerable<Hit> Take(IReadOnlyList<Hit> hits, int groups)
    {
        var taken = new HashSet<FieldValue?>();
        foreach (var hit in hits)
        {
            if (taken.Contains(hit.Group) || (taken.Count < groups && taken.Add(hit.Group)))
            {
                yield return hit;
            }
        }
    }

    /// <summary>The hits with their group's value, at most <paramref name="size"/> a group, each group's together, groups in the order of their best.</summary>
    public static IReadOnlyList<Hit> Gather(CollectionView view, IReadOnlyList<Hit> hits, FieldSchema field, int size)
    {
        var values = view.Fetch([.. hits.Select(h => h.Row)], [field.Id]).Find(field.Id)!;
        return [.. hits
            .Select((hit, row) => hit with { Group = values.ValueAt(row) })
            .GroupBy(h => h.Group)
            .SelectMany(g => g.Take(size))];
    }
}
