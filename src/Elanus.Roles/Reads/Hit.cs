using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>One hit of a search, apart from the others.</summary>
internal readonly record struct Hit(RowReference Row, float Score, FieldValue Key, FieldValue? Group)
{
    /// <summary>The hits of each query.</summary>
    public static IReadOnlyList<IReadOnlyList<Hit>> ByQuery(SearchHits found)
    {
        var all = new Hit[found.HitsPerQuery.Count][];
        var at = 0;
        for (var query = 0; query < all.Length; query++)
        {
            var hits = all[query] = new Hit[found.HitsPerQuery[query]];
            for (var i = 0; i < hits.Length; i++, at++)
            {
                hits[i] = new(found.Rows[at], found.Scores[at], found.Keys.ValueAt(at)!.Value, found.Groups?.ValueAt(at));
            }
        }

        return all;
    }

    /// <summary>Ascending order of primary keys, all of one type.</summary>
    public static int CompareKeys(in FieldValue left, in FieldValue right) => left.Type == DataType.VarChar
        ? string.CompareOrdinal(left.Text, right.Text)
        : left.Integer.CompareTo(right.Integer);
}
