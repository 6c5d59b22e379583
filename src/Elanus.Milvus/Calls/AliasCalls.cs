using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;

namespace Elanus.Milvus;

/// <summary>Calls about aliases.</summary>
public sealed class AliasCalls(Proxy proxy) : ICallGroup
{
    public void Route(CallRoutes routes) => routes
        .Add<CreateAliasRequest, Status>("CreateAlias", Create)
        .Add<AlterAliasRequest, Status>("AlterAlias", Alter)
        .Add<DropAliasRequest, Status>("DropAlias", Drop)
        .Add<DescribeAliasRequest, DescribeAliasResponse>("DescribeAlias", Describe)
        .Add<ListAliasesRequest, ListAliasesResponse>("ListAliases", List);

    public async Task<Status> Create(CreateAliasRequest request, CallScope scope) =>
        Statuses.Of(await proxy.Aliases.Create(scope.Database(request.DbName), request.CollectionName, request.Alias, scope.Cancel));

    public async Task<Status> Alter(AlterAliasRequest request, CallScope scope) =>
        Statuses.Of(await proxy.Aliases.Alter(scope.Database(request.DbName), request.CollectionName, request.Alias, scope.Cancel));

    public async Task<Status> Drop(DropAliasRequest request, CallScope scope) =>
        Statuses.Of(await proxy.Aliases.Drop(scope.Database(request.DbName), request.Alias, scope.Cancel));

    public DescribeAliasResponse Describe(DescribeAliasRequest request, CallScope scope)
    {
        var name = scope.Database(request.DbName);
        var root = proxy.Metadata.Root;
        if (!root.Databases.TryGetValue(name, out var database))
        {
            return new() { Status = Statuses.Of(Failure.DatabaseNotFound(name)) };
        }

        return root.Aliases.TryGetValue((database.Id, request.Alias), out var alias)
            ? new() { Status = Statuses.Ok(), DbName = name, Alias = alias.Name, Collection = root.Collections[alias.Collection].Name }
            : new() { Status = Statuses.Of(AliasCoord.NotFound(name, request.Alias)), DbName = name, Alias = request.Alias };
    }

    public ListAliasesResponse List(ListAliasesRequest request, CallScope scope)
    {
        var name = scope.Database(request.DbName);
        var root = proxy.Metadata.Root;
        if (!root.Databases.TryGetValue(name, out var database))
        {
            return new() { Status = Statuses.Of(Failure.DatabaseNotFound(name)) };
        }

        var aliases = root.Aliases.Values.Where(a => a.Database == database.Id);
        if (request.CollectionName.Length > 0)
        {
            if (!proxy.Context.Collection(name, request.CollectionName).TryGet(out var collection, out var failure))
            {
                return new() { Status = Statuses.Of(failure) };
            }

            aliases = root.AliasesOf(collection.Id);
        }

        return new()
        {
            Status = Statuses.Ok(),
            DbName = name,
            CollectionName = request.CollectionName,
            Aliases = { aliases.Select(a => a.Name).Order(StringComparer.Ordinal) },
        };
    }
}
