using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;

namespace Elanus.Milvus;

/// <summary>Calls about databases.</summary>
public sealed class DatabaseCalls(Proxy proxy) : ICallGroup
{
    /// <summary>This protocol counts a database's age in nanoseconds since 1970, unlike every other time of its own.</summary>
    private const ulong NanosecondsPerMillisecond = 1_000_000;

    public void Route(CallRoutes routes) => routes
        .Add<CreateDatabaseRequest, Status>("CreateDatabase", Create)
        .Add<DropDatabaseRequest, Status>("DropDatabase", Drop)
        .Add<AlterDatabaseRequest, Status>("AlterDatabase", Alter)
        .Add<ListDatabasesRequest, ListDatabasesResponse>("ListDatabases", List)
        .Add<DescribeDatabaseRequest, DescribeDatabaseResponse>("DescribeDatabase", Describe);

    public async Task<Status> Create(CreateDatabaseRequest request, CallScope scope) =>
        Statuses.Of(await proxy.Databases.Create(request.DbName, KeyValues.Read(request.Properties), scope.Cancel));

    public async Task<Status> Drop(DropDatabaseRequest request, CallScope scope) =>
        Statuses.Of(await proxy.Databases.Drop(request.DbName, scope.Cancel));

    public async Task<Status> Alter(AlterDatabaseRequest request, CallScope scope) => Statuses.Of(
        await proxy.Databases.Alter(scope.Database(request.DbName), KeyValues.Read(request.Properties), request.DeleteKeys, scope.Cancel));

    public ListDatabasesResponse List(ListDatabasesRequest request, CallScope scope)
    {
        var reply = new ListDatabasesResponse { Status = Statuses.Ok() };
        foreach (var database in proxy.Metadata.Root.Databases.Values)
        {
            reply.DbNames.Add(database.Name);
            reply.DbIds.Add(database.Id.Value);
            reply.CreatedTimestamp.Add(database.Created.PhysicalMs * NanosecondsPerMillisecond);
        }

        return reply;
    }

    public DescribeDatabaseResponse Describe(DescribeDatabaseRequest request, CallScope scope)
    {
        var name = scope.Database(request.DbName);
        if (!proxy.Metadata.Root.Databases.TryGetValue(name, out var database))
        {
            return new() { Status = Statuses.Of(Failure.DatabaseNotFound(name)) };
        }

        var reply = new DescribeDatabaseResponse
        {
            Status = Statuses.Ok(),
            DbName = database.Name,
            DbID = database.Id.Value,
            CreatedTimestamp = database.Created.PhysicalMs * NanosecondsPerMillisecond,
        };
        reply.Properties.AddPairs(database.Properties);
        return reply;
    }
}
