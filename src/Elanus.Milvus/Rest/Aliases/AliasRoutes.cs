namespace Elanus.Milvus.Rest;

/// <summary>Calls about aliases.</summary>
internal sealed class AliasRoutes(Proxy proxy)
{
    public IEnumerable<RestRoute> All =>
    [
        RestRoute.To("aliases/list", [], List),
        RestRoute.To("aliases/describe", ["aliasName"], Describe),
        RestRoute.To("aliases/create", ["collectionName", "aliasName"], Create),
        RestRoute.To("aliases/alter", ["collectionName", "aliasName"], Alter),
        RestRoute.To("aliases/drop", ["aliasName"], Drop),
    ];

    private static string Name(RestCall call) => call.Body.Text("aliasName");

    private Result<RestReply> List(RestCall call)
    {
        var root = proxy.Metadata.Root;
        if (call.Collection.Length > 0)
        {
            return proxy.Context.Collection(call.Database, call.Collection).TryGet(out var collection, out var failure)
                ? RestReply.Names(root.AliasesOf(collection.Id).Select(a => a.Name))
                : failure;
        }

        return root.Databases.TryGetValue(call.Database, out var database)
            ? RestReply.Names(root.Aliases.Values.Where(a => a.Database == database.Id).Select(a => a.Name).Order(StringComparer.Ordinal))
            : Failure.DatabaseNotFound(call.Database);
    }

    private Result<RestReply> Describe(RestCall call)
    {
        var root = proxy.Metadata.Root;
        if (!root.Databases.TryGetValue(call.Database, out var database))
        {
            return Failure.DatabaseNotFound(call.Database);
        }

        if (!root.Aliases.TryGetValue((database.Id, Name(call)), out var alias))
        {
            return AliasCoord.NotFound(call.Database, Name(call));
        }

        return RestReply.Object(writer =>
        {
            writer.WriteString("dbName", database.Name);
            writer.WriteString("collectionName", root.Collections[alias.Collection].Name);
            writer.WriteString("aliasName", alias.Name);
        });
    }

    private async Task<Result<RestReply>> Create(RestCall call) =>
        RestReply.Of(await proxy.Aliases.Create(call.Database, call.Collection, Name(call), call.Cancel));

    private async Task<Result<RestReply>> Alter(RestCall call) =>
        RestReply.Of(await proxy.Aliases.Alter(call.Database, call.Collection, Name(call), call.Cancel));

    private async Task<Result<RestReply>> Drop(RestCall call) =>
        RestReply.Of(await proxy.Aliases.Drop(call.Database, Name(call), call.Cancel));
}
