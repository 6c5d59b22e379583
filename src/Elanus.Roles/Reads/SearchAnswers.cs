using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>Makes answers from hits: fetches the output fields, rounds the scores.</summary>
internal static class SearchAnswers
{
    /// <summary>An answer of one query with these hits; the caller completes what differs.</summary>
    public static SearchAnswer Make(CollectionView view, CollectionInfo collection, OutputSelection output, IReadOnlyList<Hit> hits, FieldSchema? groupField)
    {
        var key = collection.Schema.PrimaryKey;
        var fields = output.Ids.Append(key.Id);
        if (groupField is not null)
        {
            fields = fields.Append(groupField.Id);
        }

        var rows = view.Fetch([.. hits.Select(h => h.Row)], [.. fields.Distinct()]);
        var columns = output.Fields.Select(f => new FieldColumn(f.Id, rows.Find(f.Id)!)).ToList();
        return new()
        {
            Collection = collection,
            Queries = 1,
            TopK = hits.Count,
            Counts = [hits.Count],
            Scores = [],
            Ids = rows.Find(key.Id)!,
            Rows = output.Project(new(rows.Rows, columns)),
            Fields = output.Fields,
            OutputNames = output.Names,
            Groups = groupField is null ? null : rows.Find(groupField.Id),
            GroupField = groupField,
            Session = default,
        };
    }

    /// <param name="digits">Digits after the point; -1 leaves the scores as they are.</param>
    public static ImmutableArray<float> Rounded(IReadOnlyList<Hit> hits, int digits)
    {
        var scores = new float[hits.Count];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = digits < 0 ? hits[i].Score : (float)Math.Round(hits[i].Score, digits, MidpointRounding.AwayFromZero);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(scores);
    }
}
