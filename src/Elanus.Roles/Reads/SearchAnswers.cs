using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>Makes answers from hits: fetches the output fields where there is room for them, rounds the scores.</summary>
internal static class SearchAnswers
{
    /// <summary>An answer with these hits; the caller completes what differs. Fails where one answer may not be so large.</summary>
    public static async Task<Result<SearchAnswer>> Make(
        ReadMemory memory,
        CollectionView view,
        CollectionInfo collection,
        OutputSelection output,
        KeptHits hits,
        FieldSchema? groupField,
        ReadScope call,
        int digits,
        CancellationToken cancel)
    {
        var key = collection.Schema.PrimaryKey;
        var asked = output.Ids.Append(key.Id);
        if (groupField is not null)
        {
            asked = asked.Append(groupField.Id);
        }

        FieldId[] fields = [.. asked.Distinct()];
        using var ownHold = new AnswerHold();
        if (!(await memory.Answer(view, hits.Rows, fields, scored: true, call.Hold ?? ownHold, cancel)).TryGet(out _, out var failure))
        {
            return failure;
        }

        var rows = view.Fetch(hits.Rows, fields);
        var columns = output.Fields.Select(f => new FieldColumn(f.Id, rows.Find(f.Id)!)).ToList();
        return new SearchAnswer
        {
            Collection = collection,
            Queries = hits.Counts.Count,
            TopK = hits.Rows.Length,
            Counts = hits.Counts,
            Scores = Rounded(hits.Scores, digits),
            Ids = rows.Find(key.Id)!,
            Rows = output.Project(new(rows.Rows, columns)),
            Fields = output.Fields,
            OutputNames = output.Names,
            Groups = groupField is null ? null : rows.Find(groupField.Id),
            GroupField = groupField,
            Session = default,
        };
    }

    /// <param name="scores">Taken over.</param>
    /// <param name="digits">Digits after the point; -1 leaves the scores as they are.</param>
    private static ImmutableArray<float> Rounded(float[] scores, int digits)
    {
        for (var i = 0; i < scores.Length && digits >= 0; i++)
        {
            scores[i] = (float)Math.Round(scores[i], digits, MidpointRounding.AwayFromZero);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(scores);
    }
}
