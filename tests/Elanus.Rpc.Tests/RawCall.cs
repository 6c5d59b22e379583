using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace Elanus.Rpc.Tests;

/// <summary>A call made by hand: whatever bytes and headers a test wants, over plain HTTP/2.</summary>
internal static class RawCall
{
    private static readonly HttpMessageInvoker Http = new(new SocketsHttpHandler());

    public static byte[] Frame(byte[] message, byte flag = 0, uint? length = null)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), length ?? (uint)message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    public static byte[] Frame(IMessage message) => Frame(message.ToByteArray());

    public static async Task<RawAnswer> Post(
        ProbeServer server,
        string method,
        byte[] body,
        (string Key, string Value)[]? headers = null,
        string contentType = "application/grpc",
        Version? version = null,
        HttpMethod? verb = null)
    {
        using var request = new HttpRequestMessage(verb ?? HttpMethod.Post, new Uri(server.Address, method.StartsWith('/') ? method : "/elanus.rpc.tests.Probe/" + method))
        {
            Version = version ?? HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        foreach (var (key, value) in headers ?? [])
        {
            Assert.True(request.Headers.TryAddWithoutValidation(key, value));
        }

        using var response = await Http.SendAsync(request, default);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return new(
            response.StatusCode,
            response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase),
            response.TrailingHeaders.ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase),
            bytes);
    }
}

/// <summary>What came back.</summary>
internal sealed record RawAnswer(HttpStatusCode Http, Dictionary<string, string> Headers, Dictionary<string, string> Trailers, byte[] Body)
{
    /// <summary>The call's status, wherever it stood.</summary>
    public RpcStatusCode Code => (RpcStatusCode)int.Parse(Trailers.TryGetValue("grpc-status", out var code) ? code : Headers["grpc-status"]);

    public string Message => Uri.UnescapeDataString(Trailers.TryGetValue("grpc-message", out var text) ? text : Headers.GetValueOrDefault("grpc-message", ""));

    /// <summary>The single reply.</summary>
    public T Reply<T>(MessageParser<T> parser)
        where T : IMessage<T>
    {
        Assert.Equal(0, Body[0]);
        Assert.Equal((uint)(Body.Length - 5), BinaryPrimitives.ReadUInt32BigEndian(Body.AsSpan(1)));
        return parser.ParseFrom(Body, 5, Body.Length - 5);
    }
}
