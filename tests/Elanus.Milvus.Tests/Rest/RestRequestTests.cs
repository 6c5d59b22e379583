using System.Text;
using Elanus.Milvus.Rest;
using Microsoft.AspNetCore.Http;

namespace Elanus.Milvus.Tests.Rest;

public sealed class RestRequestTests(RestServer server) : IClassFixture<RestServer>
{
    private const string List = "/v2/vectordb/collections/list";

    [Theory]
    [InlineData("", "empty")]
    [InlineData("{", "error:")]
    [InlineData("[]", "must be an object")]
    [InlineData("""{"dbName":5}""", "dbName must be a text, got 5")]
    [InlineData("""{"dbName":"\ud800"}""", "surrogate")]
    public async Task Bad_bodies_are_1801_and_say_what_is_bad(string body, string part)
    {
        await server.Refused(1801, part, "collections/list", body);
        await server.Refused(1801, "can only accept json format request", "collections/list", body);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_1801()
    {
        var (_, answer) = await RestServer.Send(new(server.Proxy, TimeProvider.System), List, [.. "{\"dbName\":\""u8, 0xFF, .. "\"}"u8], HttpMethods.Post);
        Assert.Equal(1801, answer.GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData("collections/describe", "{}", "collectionName")]
    [InlineData("collections/describe", """{"collectionName":""}""", "collectionName")]
    [InlineData("collections/rename", """{"collectionName":"c"}""", "newCollectionName")]
    [InlineData("entities/insert", """{"collectionName":"c","data":[]}""", "data")]
    [InlineData("aliases/create", "{}", "collectionName, aliasName")]
    public async Task Missing_members_are_1802_and_named(string path, string body, string names) =>
        await server.Refused(1802, $"missing required parameters, error: the request body needs {names}", path, body);

    [Theory]
    [InlineData("collections/has", """{"collectionName":[1]}""", "collectionName must be a text")]
    [InlineData("entities/query", """{"collectionName":"c","limit":"5"}""", "limit must be a whole number")]
    [InlineData("entities/query", """{"collectionName":"c","outputFields":[1]}""", "outputFields must be a list of texts")]
    [InlineData("collections/create", """{"collectionName":"c","schema":{"fields":[{"isPrimary":"yes"}]}}""", "schema.fields[0].isPrimary must be true or false")]
    [InlineData("entities/hybrid_search", """{"collectionName":"c","search":[5]}""", "search must be a list of objects")]
    public async Task Members_of_a_wrong_type_are_1801_and_named(string path, string body, string part) => await server.Refused(1801, part, path, body);

    [Theory]
    [InlineData("/v2/vectordb/collections/nothing", 404)]
    [InlineData("/v2/vectordb/", 404)]
    [InlineData("/", 404)]
    public async Task Unknown_paths_are_404(string path, int expected)
    {
        var (status, answer) = await RestServer.Send(new(server.Proxy, TimeProvider.System), path, "{}"u8.ToArray(), HttpMethods.Post);
        Assert.Equal(expected, status);
        Assert.Contains(path, answer.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v2/vectordb/roles/list")]
    [InlineData("/v2/vectordb/jobs/import/create")]
    [InlineData("/v1/vector/collections")]
    public async Task What_is_not_built_says_not_yet_and_names_itself(string path)
    {
        var (status, answer) = await RestServer.Send(new(server.Proxy, TimeProvider.System), path, "{}"u8.ToArray(), HttpMethods.Post);
        Assert.Equal((200, 10), (status, answer.GetProperty("code").GetInt32()));
        Assert.Equal($"{path} is not there yet: service unimplemented", answer.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Another_method_than_post_is_405()
    {
        var (status, _) = await RestServer.Send(new(server.Proxy, TimeProvider.System), List, [], HttpMethods.Get);
        Assert.Equal(405, status);
    }

    [Fact]
    public async Task A_body_beyond_the_bound_is_413()
    {
        var (status, answer) = await RestServer.Send(
            new(server.Proxy, TimeProvider.System), List, new byte[RestEndpoint.BodyBytesMax + 1], HttpMethods.Post);
        Assert.Equal((413, 1102), (status, answer.GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task A_timeout_that_is_no_number_is_refused()
    {
        var (_, answer) = await server.Post("collections/list", "{}", ("Request-Timeout", "soon"));
        Assert.Equal(1100, answer.GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task A_request_beyond_its_time_is_408()
    {
        var endpoint = new RestEndpoint(server.Proxy, TimeProvider.System, Never);
        var (status, answer) = await RestServer.Send(endpoint, List, "{}"u8.ToArray(), HttpMethods.Post, ("Request-Timeout", "1"), ("Authorization", "a:b"));
        Assert.Equal(408, status);
        Assert.StartsWith("request timeout", answer.GetProperty("message").GetString(), StringComparison.Ordinal);

        static async ValueTask<Result<bool>> Never(string user, string password, CancellationToken cancel)
        {
            await Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
            return true;
        }
    }

    [Fact]
    public async Task Credentials_that_cannot_be_judged_now_are_429()
    {
        var endpoint = new RestEndpoint(server.Proxy, TimeProvider.System, (_, _, _) => new(new Failure(FailureCode.TooManyRequests, "too many wait")));
        var (status, answer) = await RestServer.Send(endpoint, List, "{}"u8.ToArray(), HttpMethods.Post, ("Authorization", "a:b"));
        Assert.Equal(429, status);
        Assert.Contains("too many wait", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_members_match_in_any_case()
    {
        var name = await server.Quick();
        var has = await server.Ok("collections/has", $$"""{"CollectionName":"{{name}}"}""");
        Assert.True(has.GetProperty("has").GetBoolean());
    }

    [Theory]
    [InlineData("Bearer root:Milvus", 200)]
    [InlineData("root:Milvus", 200)]
    [InlineData("Bearer root:wrong", 401)]
    [InlineData("Bearer sometoken", 401)]
    [InlineData("", 401)]
    public async Task Credentials_are_asked_for_where_authentication_is_on(string header, int expected)
    {
        var (status, answer) = await RestServer.Send(Guarded(), List, "{}"u8.ToArray(), HttpMethods.Post, ("Authorization", header));
        Assert.Equal((expected, expected == 200 ? 0 : 1800), (status, answer.GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task Basic_credentials_are_taken_too()
    {
        var header = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("root:Milvus"));
        var (status, _) = await RestServer.Send(Guarded(), List, "{}"u8.ToArray(), HttpMethods.Post, ("Authorization", header));
        Assert.Equal(200, status);
    }

    [Fact]
    public async Task Users_are_made_changed_and_dropped_by_root_alone()
    {
        await Root("users/create", """{"userName":"anna","password":"first-one"}""");
        Assert.Equal((403, 1401), await Call("anna:first-one", "users/create", """{"userName":"otto","password":"another"}"""));
        Assert.Equal((200, 0), await Call("anna:first-one", "users/update_password", """{"userName":"anna","password":"first-one","newPassword":"second-one"}"""));
        Assert.Equal((401, 1800), await Call("anna:first-one", "collections/list", "{}"));
        Assert.Equal((200, 0), await Call("anna:second-one", "users/describe", """{"userName":"anna"}"""));
        var users = (await server.Ok("users/list", "{}")).EnumerateArray().Select(u => u.GetString());
        Assert.Contains("anna", users);
        await Root("users/drop", """{"userName":"anna"}""");
        Assert.Equal((401, 1800), await Call("anna:second-one", "collections/list", "{}"));

        async Task Root(string path, string body) => Assert.Equal((200, 0), await Call("root:Milvus", path, body));
    }

    private async Task<(int Status, int Code)> Call(string credentials, string path, string body)
    {
        var (status, answer) = await RestServer.Send(
            Guarded(), $"/v2/vectordb/{path}", Encoding.UTF8.GetBytes(body), HttpMethods.Post, ("Authorization", $"Bearer {credentials}"));
        return (status, answer.GetProperty("code").GetInt32());
    }

    private RestEndpoint Guarded() => new(server.Proxy, TimeProvider.System, server.Proxy.Users.Verify);
}
