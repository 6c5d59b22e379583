using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;

namespace Elanus.Milvus;

/// <summary>Calls that make and change collections.</summary>
public sealed class CollectionCalls(Proxy proxy) : ICallGroup
{
    public void Route(CallRoutes routes) => routes
        .Add<CreateCollectionRequest, Status>("CreateCollection", Create)
        .Add<DropCollectionRequest, Status>("DropCollection", Drop)
        .Add<RenameCollectionRequest, Status>("RenameCollection", Rename)
        .Add<TruncateCollectionRequest, TruncateCollectionResponse>("TruncateCollection", Truncate)
        .Add<AlterCollectionRequest, Status>("AlterCollection", Alter)
        .Add<AlterCollectionFieldRequest, Status>("AlterCollectionField", AlterField)
        .Add<AddCollectionFieldRequest, Status>("AddCollectionField", AddField);

    public async Task<Status> Create(CreateCollectionRequest request, CallScope scope)
    {
        if (!SchemaReading.Collection(request.Schema).TryGet(out var schema, out var failure))
        {
            return Statuses.Of(failure);
        }

        if (request.CollectionName != schema.Name)
        {
            return Statuses.Of(Failure.Invalid($"collection name = {request.CollectionName}, schema.Name={schema.Name}"));
        }

        if (!Enum.IsDefined((Roles.ConsistencyLevel)request.ConsistencyLevel))
        {
            return Statuses.Of(Failure.Invalid($"consistency level {(int)request.ConsistencyLevel} is not known"));
        }

        var draft = new CollectionDraft
        {
            Schema = schema,
            Shards = request.ShardsNum,
            Partitions = request.NumPartitions,
            Consistency = (Roles.ConsistencyLevel)request.ConsistencyLevel,
            Properties = KeyValues.Read(request.Properties),
        };
        var created = await proxy.Collections.Create(scope.Database(request.DbName), draft, scope.Cancel);
        return created.TryGet(out _, out failure) ? Statuses.Ok() : Statuses.Of(failure);
    }

    public async Task<Status> Drop(DropCollectionRequest request, CallScope scope) =>
        Statuses.Of(await proxy.Collections.Drop(scope.Database(request.DbName), request.CollectionName, scope.Cancel));

    public async Task<Status> Rename(RenameCollectionRequest request, CallScope scope)
    {
        var database = scope.Database(request.DbName);
        var target = request.NewDBName.Length > 0 ? request.NewDBName : database;
        return Statuses.Of(await proxy.Collections.Rename(database, request.OldName, target, request.NewName, scope.Cancel));
    }

    public async Task<TruncateCollectionResponse> Truncate(TruncateCollectionRequest request, CallScope scope) => new()
    {
        Status = Statuses.Of(await proxy.Collections.Truncate(scope.Database(request.DbName), request.CollectionName, scope.Cancel)),
    };

    public async Task<Status> Alter(AlterCollectionRequest request, CallScope scope)
    {
        if (!CollectionLookup.Find(proxy, scope.Database(request.DbName), request.CollectionName, request.CollectionID).TryGet(out var found, out var failure))
        {
            return Statuses.Of(failure);
        }

        return Statuses.Of(await proxy.Collections.AlterProperties(
            found.Database, found.Collection.Name, KeyValues.Read(request.Properties), request.DeleteKeys, scope.Cancel));
    }

    public async Task<Status> AlterField(AlterCollectionFieldRequest request, CallScope scope) => Statuses.Of(
        await proxy.Collections.AlterField(
            scope.Database(request.DbName),
            request.CollectionName,
            request.FieldName,
            KeyValues.Read(request.Properties),
            request.DeleteKeys,
            scope.Cancel));

    public async Task<Status> AddField(AddCollectionFieldRequest request, CallScope scope) =>
        SchemaReading.Field(request.Schema).TryGet(out var field, out var failure)
            ? Statuses.Of(await proxy.Collections.AddField(scope.Database(request.DbName), request.CollectionName, field, scope.Cancel))
            : Statuses.Of(failure);
}
