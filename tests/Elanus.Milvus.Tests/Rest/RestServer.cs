using System.Text;
using System.Text.Json;
using Elanus.Milvus.Rest;
using Elanus.Server;
using Microsoft.AspNetCore.Http;

namespace Elanus.Milvus.Tests.Rest;

/// <summary>A node over files in memory behind a REST endpoint, without a network. Tests of one class share it, so each takes collections of its own.</summary>
#pragma warning disable CA1001 // xunit disposes of it through IAsyncLifetime
public sealed class RestServer : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly PooledWork work = new(1);
    private StandaloneNode? node;
    private int names;

    public Proxy Proxy => node!.Roles.Proxy;

    public async Task InitializeAsync()
    {
        var seams = new NodeSeams(new MemoryFileSystem(), TimeProvider.System, new SystemRandom(), work);
        var started = await StandaloneNode.Start(new() { DataPath = "data" }, seams, CancellationToken.None);
        Assert.True(started.TryGet(out node, out var failure), failure?.ToString());
    }

    public async Task DisposeAsync()
    {
        await node!.DisposeAsync();
        await work.DisposeAsync();
    }

    /// <summary>A name that no other test of the class has.</summary>
    public string Name(string begin = "c") => $"{begin}_{Interlocked.Increment(ref names)}";

    /// <summary>Sends a body to a path below /v2/vectordb/.</summary>
    public Task<(int Status, JsonElement Answer)> Post(string path, string body, params (string Name, string Value)[] headers) =>
        Send(new(Proxy, TimeProvider.System), $"/v2/vectordb/{path}", Encoding.UTF8.GetBytes(body), HttpMethods.Post, headers);

    /// <summary>Sends a body that must succeed; gives its data.</summary>
    public async Task<JsonElement> Ok(string path, string body, params (string Name, string Value)[] headers)
    {
        var (status, answer) = await Post(path, body, headers);
        Assert.True(status == 200 && answer.GetProperty("code").GetInt32() == 0, $"{path}: {status} {answer}");
        return answer.GetProperty("data");
    }

    /// <summary>Sends a body that must be refused with a number and words.</summary>
    public async Task Refused(int code, string part, string path, string body)
    {
        var (status, answer) = await Post(path, body);
        Assert.Equal(200, status);
        Assert.Contains(part, answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(code, answer.GetProperty("code").GetInt32());
    }

    /// <summary>A collection in the quick form: key <c>id</c>, a float vector <c>vector</c> of two dimensions, L2, Strong.</summary>
    public async Task<string> Quick()
    {
        var name = Name();
        await Ok("collections/create", $$$"""{"collectionName":"{{{name}}}","dimension":2,"metricType":"L2","params":{"consistencyLevel":"Strong"}}""");
        return name;
    }

    public static async Task<(int Status, JsonElement Answer)> Send(
        RestEndpoint endpoint,
        string path,
        byte[] body,
        string method,
        params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Path = path;
        context.Request.Body = new MemoryStream(body);
        context.Response.Body = new MemoryStream();
        foreach (var (name, value) in headers)
        {
            context.Request.Headers[name] = value;
        }

        await endpoint.Serve(context);
        context.Response.Body.Position = 0;
        using var document = await JsonDocument.ParseAsync(context.Response.Body);
        return (context.Response.StatusCode, document.RootElement.Clone());
    }
}
