using System.Buffers.Binary;
using System.IO.Compression;
using Elanus.Primitives;
using Elanus.Replication;
using Elanus.Rpc;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Elanus.Server.Tests.Cluster;

public sealed class ClusterCallsTests : IAsyncDisposable
{
    private const string Insert = "/milvus.proto.milvus.MilvusService/Insert";
    private const int PrefixBytes = 5;

    private readonly RpcPeerNetwork network = new(new("cluster", new NodeId(1), "token"), "host:1", new(1), _ => throw new InvalidOperationException("nobody is dialled"), TimeProvider.System, _ => { });
    private readonly TaskCompletionSource answered = new();
    private readonly TaskCompletionSource passedOn = new();

    [Fact]
    public async Task A_message_that_shows_no_token_is_refused_before_it_is_read()
    {
        var context = Call($"/{RpcPeerNetwork.ServiceName}/EpochEnded", new UnreadStream());
        await Calls().Serve(context);
        Assert.Equal($"{(int)RpcStatusCode.Unauthenticated}", context.Response.Headers["grpc-status"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_question_that_is_open_to_everybody_may_not_be_large_nor_become_so(bool compressed)
    {
        var message = new byte[1 << 20];
        if (compressed)
        {
            using var zipped = new MemoryStream();
            using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
            {
                gzip.Write(message);
            }

            message = zipped.ToArray();
            Assert.True(message.Length < 64 << 10);
        }

        var body = new byte[PrefixBytes + message.Length];
        body[0] = (byte)(compressed ? 1 : 0);
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), message.Length);
        message.CopyTo(body, PrefixBytes);
        var context = Call($"/{NodeOperations.ServiceName}/Status", new MemoryStream(body));
        if (compressed)
        {
            context.Request.Headers["grpc-encoding"] = "gzip";
        }

        await Calls().Serve(context);
        Assert.Equal($"{(int)RpcStatusCode.ResourceExhausted}", context.Response.Headers["grpc-status"]);
    }

    [Fact]
    public async Task The_end_of_earlier_calls_does_not_wait_for_those_that_come_meanwhile()
    {
        var calls = Calls();
        calls.Answer();
        var earlier = calls.Serve(Call(Insert, Stream.Null));
        calls.PassOn();
        var end = calls.EndOfEarlier(CancellationToken.None);
        var later = calls.Serve(Call(Insert, Stream.Null));
        Assert.False(end.IsCompleted);
        answered.SetResult();
        await end.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.False(later.IsCompleted);
        Assert.Equal(1, calls.InProgress);
        passedOn.SetResult();
        await Task.WhenAll(earlier, later);
        Assert.Equal(0, calls.InProgress);
    }

    public ValueTask DisposeAsync() => network.DisposeAsync();

    private ClusterCalls Calls() => new(
        network.Service(), network.Admits, NodeOperations.Service(() => new()), _ => answered.Task, _ => passedOn.Task, _ => Task.CompletedTask, TimeProvider.System, NullLoggerFactory.Instance);

    private static DefaultHttpContext Call(string path, Stream body)
    {
        var context = new DefaultHttpContext();
        context.Request.Protocol = "HTTP/2";
        context.Request.Method = HttpMethods.Post;
        context.Request.Path = path;
        context.Request.ContentType = "application/grpc";
        context.Request.Body = body;
        context.Response.Body = new MemoryStream();
        return context;
    }

    /// <summary>A body that must not be read.</summary>
    private sealed class UnreadStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new InvalidOperationException("it was read");

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => throw new InvalidOperationException("it was read");
    }
}
