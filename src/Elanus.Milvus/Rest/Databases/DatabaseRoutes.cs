namespace Elanus.Milvus.Rest;

/// <summary>Calls about databases.</summary>
internal sealed class DatabaseRoutes(Proxy proxy)
{
    public IEnumerable<RestRoute> All =>
    [
        RestRoute.To("databases/list", [], List),
        RestRoute.To("databases/describe", ["dbName"], Describe),
        RestRoute.To("databases/create", ["dbName"], Create),
        RestRoute.To("databases/alter", ["dbName", "properties"], Alter),
        RestRoute.To("databases/alter_properties", ["dbName", "properties"], Alter),
        RestRoute.To("databases/drop_properties", ["dbName", "propertyKeys"], DropProperties),
        RestRoute.To("databases/drop", ["dbName"], Drop),
    ];

    private Result<RestReply> List(RestCall call) => RestReply.Names(proxy.Metadata.Root.Databases.Keys);

    private Result<RestReply> Describe(RestCall call)
    {
        if (!proxy.Metadata.Root.Databases.TryGetValue(call.Database, out var database))
        {
            return Failure.DatabaseNotFound(call.Database);
        }

        return RestReply.Object(writer =>
        {
            writer.WriteString("dbName", database.Name);
            writer.WriteNumber("dbID", database.Id.Value);
            writer.WritePairs("properties", database.Properties);
        });
    }

    private async Task<Result<RestReply>> Create(RestCall call) =>
        RestReply.Of(await proxy.Databases.Create(call.Database, call.Body.Pairs("properties"), call.Cancel));

    private async Task<Result<RestReply>> Alter(RestCall call) =>
        RestReply.Of(await proxy.Databases.Alter(call.Database, call.Body.Pairs("properties"), [], call.Cancel));

    private async Task<Result<RestReply>> DropProperties(RestCall call) =>
        RestReply.Of(await proxy.Databases.Alter(call.Database, [], call.Body.Texts("propertyKeys"), call.Cancel));

    private async Task<Result<RestReply>> Drop(RestCall call) => RestReply.Of(await proxy.Databases.Drop(call.Database, call.Cancel));
}
