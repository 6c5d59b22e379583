using Elanus.Milvus.Protocol;
using Elanus.Primitives;
using Microsoft.AspNetCore.Http;
using static Elanus.Server.Tests.ForwardedCalls;

namespace Elanus.Server.Tests;

/// <summary>What a node holds for clients has a bound in bytes: each call here has 8 KiB, which are read in two pieces.</summary>
public sealed class HeldBytesTests : IDisposable
{
    private const int CallBytes = 8192;

    /// <summary>Room for two calls and the first piece of a third.</summary>
    private const int Room = (2 * CallBytes) + 4500;

    private readonly ActiveBoard board = new();
    private readonly ScriptedActive active = new();
    private readonly CallForwarder forwarder;

    public HeldBytesTests() =>
        forwarder = new(board, new() { HeldBytesMax = Room, HoldMax = TimeSpan.FromSeconds(20) }, new(active), "http", "kites", TimeProvider.System, new SeededRandom(1));

    public void Dispose() => active.Dispose();

    [Fact]
    public async Task Calls_that_hold_more_bytes_than_may_be_held_are_refused_and_what_ends_makes_room()
    {
        var held = Enumerable.Range(0, 2).Select(_ => Send("Insert")).ToList();
        var refused = await Send("Insert");
        Assert.Equal("14", refused.Response.Headers["grpc-status"]);
        Assert.Contains($"of {Room} bytes", refused.Response.Headers["grpc-message"].ToString(), StringComparison.Ordinal);
        Assert.Equal(2 * CallBytes, forwarder.Bodies.Taken);

        active.Always(Reply(new MutationResult { InsertCnt = 7 }));
        board.Post("active:1");
        foreach (var call in held)
        {
            Assert.Equal(7, Message<MutationResult>(await call).InsertCnt);
        }

        Assert.Equal(0, forwarder.Bodies.Taken);
        Assert.Equal(7, Message<MutationResult>(await Send("Insert")).InsertCnt);
    }

    [Fact]
    public async Task A_call_whose_client_goes_while_it_is_read_or_held_gives_its_bytes_back()
    {
        using var gone = new CancellationTokenSource();
        var held = Send("Insert", gone: gone.Token);
        using var half = new HalfSent();
        var reading = Send("Insert", half, gone.Token);
        await half.IsWaitedFor;
        Assert.Equal(CallBytes + 100, forwarder.Bodies.Taken);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => held);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.Equal(0, forwarder.Bodies.Taken);
    }

    [Theory]
    [InlineData("Search", false)]
    [InlineData("Insert", true)]
    public async Task Of_replies_only_those_of_reads_are_refused_where_there_is_no_room(string method, bool isGiven)
    {
        board.Post("active:1");
        active.Always(Reply(new MutationResult { ErrIndex = { Enumerable.Repeat(7u, 4 * CallBytes) } }));
        var context = await Send(method);
        Assert.Equal(isGiven ? "" : "14", context.Response.Headers["grpc-status"].ToString());
        Assert.Equal(isGiven, context.Response.Body.Length > CallBytes);
        Assert.Equal(0, forwarder.Bodies.Taken);
    }

    [Fact]
    public async Task A_read_that_a_standby_has_looked_into_is_counted_once_and_refused_where_there_is_no_room()
    {
        // What is no request is the active's to judge: nothing is asked of this node's roles.
        var bodies = new SharedBudget(Room, waitingMax: 0);
        var reads = new StandbyReads(null!, _ => throw new InvalidOperationException("it is not for this node"), forwarder.Serve, 64 << 20, bodies);
        var held = Enumerable.Range(0, 2).Select(_ => Serve(reads.Serve, "Search", WithBody)).ToList();
        Assert.Equal((2 * CallBytes, 0), (bodies.Taken, forwarder.Bodies.Taken));
        Assert.Equal("14", (await Serve(reads.Serve, "Search", WithBody)).Response.Headers["grpc-status"]);

        active.Always(Reply(new SearchResults()));
        board.Post("active:1");
        await Task.WhenAll(held);
        Assert.Equal([CallBytes, CallBytes], active.Sent.Select(sent => sent.Length));
        Assert.Equal(0, bodies.Taken);
    }

    private Task<HttpContext> Send(string method, Stream? body = null, CancellationToken gone = default) => Serve(
        forwarder,
        method,
        request =>
        {
            WithBody(request);
            request.Body = body ?? request.Body;
            request.HttpContext.RequestAborted = gone;
        });

    private static void WithBody(HttpRequest request) => request.Body = new MemoryStream(new byte[CallBytes]);

    /// <summary>A hundred bytes, and then nothing more.</summary>
    private sealed class HalfSent : Stream
    {
        private readonly TaskCompletionSource waitedFor = new();
        private bool isBegun;

        public Task IsWaitedFor => waitedFor.Task;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (buffer.IsEmpty)
            {
                return 0;
            }

            if (isBegun)
            {
                waitedFor.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }

            isBegun = true;
            return 100;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
