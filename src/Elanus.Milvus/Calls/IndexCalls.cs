using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;

namespace Elanus.Milvus;

/// <summary>Calls about indexes.</summary>
public sealed class IndexCalls(Proxy proxy) : ICallGroup
{
    public void Route(CallRoutes routes) => routes
        .Add<CreateIndexRequest, Status>("CreateIndex", Create)
        .Add<AlterIndexRequest, Status>("AlterIndex", Alter)
        .Add<DropIndexRequest, Status>("DropIndex", Drop)
        .Add<DescribeIndexRequest, DescribeIndexResponse>("DescribeIndex", Describe)
        .Add<GetIndexStatisticsRequest, GetIndexStatisticsResponse>("GetIndexStatistics", Statistics)
        .Add<GetIndexStateRequest, GetIndexStateResponse>("GetIndexState", State)
        .Add<GetIndexBuildProgressRequest, GetIndexBuildProgressResponse>("GetIndexBuildProgress", Progress);

    public async Task<Status> Create(CreateIndexRequest request, CallScope scope)
    {
        if (!IndexParameters.Read(request.ExtraParams).TryGet(out var parameters, out var failure))
        {
            return Statuses.Of(failure);
        }

        var draft = new IndexDraft(request.FieldName, request.IndexName, parameters);
        var created = await proxy.Indexes.Create(scope.Database(request.DbName), request.CollectionName, draft, scope.Cancel);
        return created.TryGet(out _, out failure) ? Statuses.Ok() : Statuses.Of(failure);
    }

    public async Task<Status> Alter(AlterIndexRequest request, CallScope scope) => Statuses.Of(
        await proxy.Indexes.Alter(
            scope.Database(request.DbName),
            request.CollectionName,
            request.IndexName,
            KeyValues.Read(request.ExtraParams),
            request.DeleteKeys,
            scope.Cancel));

    public async Task<Status> Drop(DropIndexRequest request, CallScope scope) => Statuses.Of(
        await proxy.Indexes.Drop(scope.Database(request.DbName), request.CollectionName, request.FieldName, request.IndexName, scope.Cancel));

    public async Task<DescribeIndexResponse> Describe(DescribeIndexRequest request, CallScope scope) =>
        (await Find(scope.Database(request.DbName), request.CollectionName, request.FieldName, request.IndexName, scope.Cancel)).TryGet(out var found, out var failure)
            ? new() { Status = Statuses.Ok(), IndexDescriptions = { found } }
            : new() { Status = Statuses.Of(failure) };

    public async Task<GetIndexStatisticsResponse> Statistics(GetIndexStatisticsRequest request, CallScope scope) =>
        (await Find(scope.Database(request.DbName), request.CollectionName, "", request.IndexName, scope.Cancel)).TryGet(out var found, out var failure)
            ? new() { Status = Statuses.Ok(), IndexDescriptions = { found } }
            : new() { Status = Statuses.Of(failure) };

    public async Task<GetIndexStateResponse> State(GetIndexStateRequest request, CallScope scope) =>
        (await Find(scope.Database(request.DbName), request.CollectionName, request.FieldName, request.IndexName, scope.Cancel)).TryGet(out var found, out var failure)
            ? new() { Status = Statuses.Ok(), State = found[0].State, FailReason = found[0].IndexStateFailReason }
            : new() { Status = Statuses.Of(failure) };

    public async Task<GetIndexBuildProgressResponse> Progress(GetIndexBuildProgressRequest request, CallScope scope) =>
        (await Find(scope.Database(request.DbName), request.CollectionName, request.FieldName, request.IndexName, scope.Cancel)).TryGet(out var found, out var failure)
            ? new() { Status = Statuses.Ok(), IndexedRows = found[0].IndexedRows, TotalRows = found[0].TotalRows }
            : new() { Status = Statuses.Of(failure) };

    /// <summary>The indexes of a collection that have the given field and name, at least one; an empty text matches all.</summary>
    private async Task<Result<IReadOnlyList<IndexDescription>>> Find(
        string database, string collectionName, string fieldName, string indexName, CancellationToken cancel)
    {
        if (!proxy.Context.Collection(database, collectionName).TryGet(out var collection, out var failure)
            || !(await proxy.Inspection.Statistics(collection, cancel)).TryGet(out var statistics, out failure))
        {
            return failure;
        }

        var found = new List<IndexDescription>();
        foreach (var index in proxy.Metadata.Indexes.Of(collection.Id))
        {
            var field = collection.Schema.Find(index.Field)!;
            if ((indexName.Length == 0 || index.Name == indexName) && (fieldName.Length == 0 || field.Name == fieldName))
            {
                if (!proxy.Inspection.Progress(collection, index).TryGet(out var progress, out failure))
                {
                    return failure;
                }

                found.Add(IndexDescriptions.Of(field, index, statistics, progress));
            }
        }

        return found.Count > 0
            ? found
            : Failure.Of(FailureCode.IndexNotFound, indexName.Length > 0 ? ("indexName", indexName) : ("collection", collection.Name));
    }
}
