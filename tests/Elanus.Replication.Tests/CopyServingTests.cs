using Elanus.Log;
using Elanus.Primitives;

namespace Elanus.Replication.Tests;

/// <summary>What an active says that cannot read what it is asked for: the offer ends, with a sentence, and the next one is made as if nothing had been.</summary>
public sealed class CopyServingTests : IAsyncLifetime, IDisposable
{
    private static readonly NodeId Standby = new(2);
    private static readonly Epoch Now = new(1, new(1, 1));
    private static readonly CopyPlan Plan = new(1, 2, [new("segments/file", 1000, 7)]);

    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> owned = [];
    private readonly Way way = new();
    private readonly Source source = new();
    private readonly CopyServing serving;

    public CopyServingTests() => serving = new(way, source, new(), TimeProvider.System, () => Now, owned.Add, stop.Token);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(owned);
        Assert.Equal(source.Made, source.Disposed);
    }

    public void Dispose() => stop.Dispose();

    [Fact]
    public async Task Files_that_cannot_be_opened_are_told_and_the_next_one_that_asks_is_served()
    {
        source.Opens = () => throw new IOException("opening /data/segments/file failed: error 24");
        Assert.Contains("error 24", Assert.IsType<CopyGone>(await Answer(new CopyAsk(Now, 1))).Why, StringComparison.Ordinal);
        source.Opens = () => { };
        Assert.IsType<CopyOffered>(await Answer(new CopyAsk(Now, 2)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_piece_that_cannot_be_read_or_is_not_there_any_more_ends_the_offer_and_not_the_active(bool isFault)
    {
        Assert.IsType<CopyOffered>(await Answer(new CopyAsk(Now, 1)));
        Assert.IsType<CopyPiece>(await Answer(new CopyPull(Now, 1, 0, 0)));
        source.Reads = isFault ? _ => throw new IOException("reading /data/segments/file failed: error 5") : asked => asked - 1;
        var gone = Assert.IsType<CopyGone>(await Answer(new CopyPull(Now, 1, 0, 0)));
        Assert.Contains(isFault ? "error 5" : "segments/file is shorter than it was: it ends at 999 of 1000 bytes", gone.Why, StringComparison.Ordinal);
        Assert.Equal(1, source.Disposed);
        Assert.IsType<CopyGone>(await Answer(new CopyPull(Now, 1, 0, 0)));
        source.Reads = asked => asked;
        Assert.IsType<CopyOffered>(await Answer(new CopyAsk(Now, 2)));
        Assert.Equal(1000, Assert.IsType<CopyPiece>(await Answer(new CopyPull(Now, 2, 0, 0))).Bytes.Length);
    }

    private async Task<PeerMessage> Answer(CopyMessage message)
    {
        way.Answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        serving.Take(Standby, message);
        return await way.Answer.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
    }

    private sealed class Way : IPeerNetwork
    {
        public TaskCompletionSource<PeerMessage> Answer { get; set; } = new();

        public void Open(IPeerSink sink)
        {
        }

        public void Know(Elanus.Coordination.Member member)
        {
        }

        public ValueTask<bool> SendAsync(NodeId to, PeerMessage message, CancellationToken cancel)
        {
            Answer.TrySetResult(message);
            return new(true);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Source : ICopySource
    {
        public Action Opens { get; set; } = () => { };

        public Func<int, int> Reads { get; set; } = asked => asked;

        public int Made { get; private set; }

        public int Disposed { get; private set; }

        public Task<Result<ICopyOffer>> OfferAsync(CancellationToken cancel)
        {
            Opens();
            Made++;
            return Task.FromResult(Result<ICopyOffer>.Ok(new Offer(this)));
        }

        private sealed class Offer(Source source) : ICopyOffer
        {
            public CopyPlan Plan => CopyServingTests.Plan;

            public ValueTask<int> ReadAsync(int file, long offset, Memory<byte> into, CancellationToken cancel) => new(source.Reads(into.Length));

            public ValueTask DisposeAsync()
            {
                source.Disposed++;
                return ValueTask.CompletedTask;
            }
        }
    }
}
