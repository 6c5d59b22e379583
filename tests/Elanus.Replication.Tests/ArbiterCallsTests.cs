using System.Runtime.CompilerServices;
using Elanus.Coordination;
using Elanus.Primitives;

namespace Elanus.Replication.Tests;

public sealed class ArbiterCallsTests : IAsyncDisposable
{
    private readonly List<string> said = [];
    private readonly Moved time = new();
    private readonly ReadOnlyStore store = new();
    private readonly ArbiterCalls calls;

    public ArbiterCallsTests() => calls = new(store, "kites", new(), time, _ => { }, said.Add, CancellationToken.None);

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task An_arbiter_that_answers_reads_and_takes_no_change_is_told_once_and_counts_as_away()
    {
        await Ask();
        Assert.Empty(said);
        Assert.False(calls.IsAway);
        time.By += TimeSpan.FromSeconds(4);
        await Ask();
        await Ask();
        Assert.Contains("the disk is full", Assert.Single(said), StringComparison.Ordinal);
        Assert.Contains("answers reads and has taken no change", said[0], StringComparison.Ordinal);
        Assert.True(calls.IsAway);

        store.Takes = true;
        await Ask();
        Assert.Equal(2, said.Count);
        Assert.Contains("takes changes again", said[1], StringComparison.Ordinal);
        Assert.False(calls.IsAway);
    }

    [Fact]
    public async Task One_change_that_is_late_is_nobodys_concern()
    {
        await Ask();
        store.Takes = true;
        await Ask();
        store.Takes = false;
        time.By += TimeSpan.FromSeconds(4);
        await Ask();
        Assert.Empty(said);
    }

    [Fact]
    public async Task One_that_was_away_is_judged_anew_when_it_answers()
    {
        await Ask();
        store.Answers = false;
        await Ask();
        time.By += TimeSpan.FromSeconds(4);
        store.Answers = true;
        await Ask();
        Assert.Equal(2, said.Count);
        Assert.Contains("answers again", said[1], StringComparison.Ordinal);
        Assert.False(calls.IsAway);
    }

    private async Task Ask()
    {
        await calls.Read();
        await calls.Announce(new(Epoch.None, new(1), 0));
        await calls.Change(new(RecordVersion.None, new(Epoch.None, new(1), [], Forced: false), new(1, 2)));
    }

    private sealed class Moved : TimeProvider
    {
        public TimeSpan By { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => By.Ticks;
    }

    /// <summary>A store without room: it is read, and refuses what would change it.</summary>
    private sealed class ReadOnlyStore : IArbiter
    {
        private static readonly Failure Full = new(FailureCode.Unavailable, "the disk is full");

        public bool Takes { get; set; }

        public bool Answers { get; set; } = true;

        public string Name => "store";

        public Failure? WhyUnknown => Full;

        public ValueTask<Result<StoredRecord?>> ReadAsync(string role, CancellationToken cancel) => new(Answers ? Result<StoredRecord?>.Ok(null) : Full);

        public ValueTask<ChangeOutcome> ChangeAsync(string role, RecordVersion version, RoleRecord next, ChangeNonce nonce, CancellationToken cancel) => new(Outcome);

        public ValueTask<ChangeOutcome> ConfirmAsync(string role, RecordVersion version, ChangeNonce nonce, CancellationToken cancel) => new(Outcome);

        public ValueTask<Result<Unit>> AnnounceAsync(string role, AliveNote note, TimeSpan lifetime, CancellationToken cancel) => new(Takes ? Result.Ok : Full);

        public ValueTask<Result<Unit>> WithdrawAsync(string role, Epoch epoch, CancellationToken cancel) => new(Full);

        public ValueTask<Result<AliveNote?>> ReadAliveAsync(string role, CancellationToken cancel) => new(Result<AliveNote?>.Ok(null));

        public async IAsyncEnumerable<Unit> WatchAsync(string role, [EnumeratorCancellation] CancellationToken cancel)
        {
            await Task.CompletedTask;
            yield break;
        }

        public ValueTask<Result<string>> ValueAsync(string role, string name, string proposed, CancellationToken cancel) => new(Full);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private ChangeOutcome Outcome => Takes ? ChangeOutcome.Done : ChangeOutcome.Unknown;
    }
}
