using Elanus.Milvus.Protocol;
using Google.Protobuf;

namespace Elanus.Milvus;

/// <summary>Queries by filter.</summary>
public sealed class QueryCalls(Proxy proxy) : ICallGroup
{
    public void Route(CallRoutes routes) => routes.AddWritten<QueryRequest>("Query", async (request, scope) => (await Query(request, scope)).ToByteArray());

    public async Task<QueryResults> Query(QueryRequest request, CallScope scope)
    {
        if (!Read(request, scope).TryGet(out var call, out var failure)
            || !(await proxy.Queries.Query(call, scope.Cancel)).TryGet(out var answer, out failure))
        {
            return new() { Status = Statuses.Of(failure) };
        }

        return QueryAnswers.Write(answer);
    }

    private Result<QueryCall> Read(QueryRequest request, CallScope scope)
    {
        if (request.Namespace.Length > 0)
        {
            return Failure.Unimplemented("namespaces");
        }

        var database = scope.Database(request.DbName);
        if (!QueryParameters.Read(request.QueryParams, proxy.Context.Limits.ResultWindowMax).TryGet(out var parameters, out var failure)
            || !ReadConsistency.Of(request.ConsistencyLevel, request.UseDefaultConsistency, request.GuaranteeTimestamp).TryGet(out var consistency, out failure)
            || !Templates.Read(request.ExprTemplateValues).TryGet(out var templates, out failure))
        {
            return failure;
        }

        if (parameters.CollectionId > 0
            && proxy.Context.Collection(database, request.CollectionName).TryGet(out var collection, out _)
            && collection.Id.Value != parameters.CollectionId)
        {
            return Failure.Invalid($"Input collection id is not consistent to collectionID in the context,alias or database may have changed: {parameters.CollectionId}, {collection.Id}");
        }

        return new QueryCall
        {
            Database = database,
            Collection = request.CollectionName,
            Partitions = request.PartitionNames,
            Consistency = consistency.Level,
            Guarantee = consistency.Guarantee,
            Hold = scope.Hold,
            Filter = request.Expr,
            Templates = templates,
            OutputFields = request.OutputFields,
            Limit = parameters.Limit,
            Offset = parameters.Offset,
            IgnoreGrowing = parameters.IgnoreGrowing,
            IsIterator = parameters.IsIterator,
        };
    }
}
