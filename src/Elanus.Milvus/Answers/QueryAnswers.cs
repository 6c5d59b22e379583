using Elanus.Milvus.Protocol;

namespace Elanus.Milvus;

/// <summary>The rows of a query as its reply.</summary>
public static class QueryAnswers
{
    public static QueryResults Write(QueryAnswer answer)
    {
        var reply = new QueryResults
        {
            Status = Statuses.Ok(),
            CollectionName = answer.Collection.Name,
            SessionTs = answer.Session.Value,
            PrimaryFieldName = answer.Collection.Schema.PrimaryKey.Name,
        };
        reply.OutputFields.AddRange(answer.OutputNames);
        reply.FieldsData.AddRange(answer.Fields.Select((field, i) => FieldDataWriting.Write(field, answer.Rows.Columns[i].Values)));
        return reply;
    }
}
