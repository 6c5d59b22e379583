using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Schema;

namespace Elanus.Milvus;

/// <summary>The hits of a search as its reply: one flat list of scores and keys, cut by <c>topks</c>.</summary>
public static class SearchAnswers
{
    public static SearchResults Write(SearchAnswer answer)
    {
        var results = new SearchResultData
        {
            NumQueries = answer.Queries,
            TopK = answer.TopK,
            Ids = KeyLists.Write(answer.Ids),
            PrimaryFieldName = answer.Collection.Schema.PrimaryKey.Name,
        };
        results.Topks.AddRange(answer.Counts.Select(count => (long)count));
        results.Scores.AddRange(answer.Scores);
        results.OutputFields.AddRange(answer.OutputNames);
        results.FieldsData.AddRange(answer.Fields.Select((field, i) => FieldDataWriting.Write(field, answer.Rows.Columns[i].Values)));
        if (answer is { Groups: { } groups, GroupField: { } groupField })
        {
            results.GroupByFieldValue = FieldDataWriting.Write(groupField, groups);
        }

        if (answer.Iterator is { } step)
        {
            results.SearchIteratorV2Results = new() { Token = step.Token, LastBound = step.LastBound ?? 0 };
        }

        return new() { Status = Statuses.Ok(), Results = results, CollectionName = answer.Collection.Name, SessionTs = answer.Session.Value };
    }
}
