using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Schema;
using Elanus.Milvus.Wire;

namespace Elanus.Milvus;

/// <summary>
/// The hits of a search as its reply: one flat list of scores and keys, cut by <c>topks</c>. Written as bytes: a search is answered as often as anything
/// is, and its lists may have millions of entries.
/// </summary>
public static class SearchAnswers
{
    /// <summary>Of a score and a key of usual length.</summary>
    private const int HitBytes = 9;

    /// <summary>A serialised SearchResults that says why there are none.</summary>
    public static ReadOnlyMemory<byte> Refused(Failure failure)
    {
        var reply = new WireWriter();
        reply.Message(SearchResults.StatusFieldNumber, Statuses.Of(failure));
        return reply.Written;
    }

    /// <summary>A serialised SearchResults.</summary>
    public static ReadOnlyMemory<byte> Write(SearchAnswer answer)
    {
        var results = Results(answer);
        var reply = new WireWriter(results.Written.Length + 512);

        // The status of a success is all defaults; it stands there, empty.
        reply.Bytes(SearchResults.StatusFieldNumber, []);
        reply.Message(SearchResults.ResultsFieldNumber, results);
        reply.Text(SearchResults.CollectionNameFieldNumber, answer.Collection.Name);
        reply.Number(SearchResults.SessionTsFieldNumber, answer.Session.Value);
        return reply.Written;
    }

    private static WireWriter Results(SearchAnswer answer)
    {
        var results = new WireWriter(256 + (answer.Scores.Length * HitBytes));
        results.Number(SearchResultData.NumQueriesFieldNumber, (ulong)answer.Queries);
        results.Number(SearchResultData.TopKFieldNumber, (ulong)answer.TopK);
        for (var i = 0; i < answer.Fields.Count; i++)
        {
            results.Message(SearchResultData.FieldsDataFieldNumber, FieldDataWriting.Write(answer.Fields[i], answer.Rows.Columns[i].Values));
        }

        results.Packed(SearchResultData.ScoresFieldNumber, answer.Scores.AsSpan());
        Keys(results, answer.Ids);
        var counts = new long[answer.Counts.Count];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = answer.Counts[i];
        }

        results.Packed(SearchResultData.TopksFieldNumber, counts);
        foreach (var name in answer.OutputNames)
        {
            results.Element(SearchResultData.OutputFieldsFieldNumber, name);
        }

        if (answer is { Groups: { } groups, GroupField: { } groupField })
        {
            results.Message(SearchResultData.GroupByFieldValueFieldNumber, FieldDataWriting.Write(groupField, groups));
        }

        if (answer.Iterator is { } step)
        {
            results.Message(SearchResultData.SearchIteratorV2ResultsFieldNumber, new SearchIteratorV2Results { Token = step.Token, LastBound = step.LastBound ?? 0 });
        }

        results.Text(SearchResultData.PrimaryFieldNameFieldNumber, answer.Collection.Schema.PrimaryKey.Name);
        return results;
    }

    /// <summary>The field ids.</summary>
    private static void Keys(WireWriter results, ColumnBlock keys)
    {
        if (keys.Type == Primitives.DataType.Int64)
        {
            var numbers = keys.As<long>();
            var list = numbers.IsEmpty ? 0 : WireWriter.LengthOf(LongArray.DataFieldNumber, WireWriter.PackedLength(numbers));
            results.Begin(SearchResultData.IdsFieldNumber, WireWriter.LengthOf(IDs.IntIdFieldNumber, list));
            results.Begin(IDs.IntIdFieldNumber, list);
            results.Packed(LongArray.DataFieldNumber, numbers);
            return;
        }

        var texts = 0;
        for (var row = 0; row < keys.Rows; row++)
        {
            texts += WireWriter.LengthOf(StringArray.DataFieldNumber, keys.Bytes(row).Length);
        }

        results.Begin(SearchResultData.IdsFieldNumber, WireWriter.LengthOf(IDs.StrIdFieldNumber, texts));
        results.Begin(IDs.StrIdFieldNumber, texts);
        for (var row = 0; row < keys.Rows; row++)
        {
            results.Bytes(StringArray.DataFieldNumber, keys.Bytes(row));
        }
    }
}
