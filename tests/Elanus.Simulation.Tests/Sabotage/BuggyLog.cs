using Elanus.Engine;
using Elanus.Log;
using Elanus.Replication;
using Elanus.Roles;

namespace Elanus.Simulation.Tests;

/// <summary>A log with one bug, now and then. What it does not spoil it passes on.</summary>
internal sealed class BuggyLog(ILog log, LogBug bug) : ILog
{
    private readonly LogBug bug = bug;
    private readonly Dice dice = new(7);
    private LogRecord? early;
    private TaskCompletionSource appended = new();
    private int appends;

    public ChannelId Channel => log.Channel;

    public LogPosition Front => log.Front;

    public LogPosition Committed => log.Committed;

    public Task<Exception> Death => log.Death;

    public ValueTask<Result<OpenedEpoch>> OpenAsync(Epoch epoch, bool forced, CancellationToken cancel) => log.OpenAsync(epoch, forced, cancel);

    public async ValueTask<Result<Appended>> AppendAsync(
        RecordKind kind, IReadOnlyList<ReadOnlyMemory<byte>> payload, TimeSpan patience, CancellationToken cancel)
    {
        var strikes = kind.Value == DataRecordKinds.Write && ++appends > 20 && dice.Chance(bug == LogBug.Hangs ? 10 : 100);
        switch (bug)
        {
            case LogBug.ForgetsWrites when strikes:
                return new Appended(log.Committed, new(ulong.MaxValue >> 1));
            case LogBug.WritesTwice when strikes:
                await log.AppendAsync(kind, payload, patience, cancel);
                break;
            case LogBug.RefusesWhatItWrote when strikes:
                await log.AppendAsync(kind, payload, patience, cancel);
                return new Failure(FailureCode.TooManyRequests, "refused");
            case LogBug.Hangs when strikes:
                await new TaskCompletionSource().Task;
                break;
            case LogBug.AppliesBeyondCommit when kind.Value == DataRecordKinds.Write:
                early = Guess(kind, payload);
                Signal();
                break;
        }

        var done = await log.AppendAsync(kind, payload, patience, cancel);
        Signal();
        return done;
    }

    public async ValueTask<Result<LogPosition>> ConfirmAsync(CancellationToken cancel)
    {
        var confirmed = await log.ConfirmAsync(cancel);
        return bug == LogBug.ConfirmsOldPositions && confirmed.TryGet(out var position, out _)
            ? new LogPosition(Channel, Math.Max(1, position.Number - 3))
            : confirmed;
    }

    public ValueTask<Result<Timestamp>> NextTimestampAsync(CancellationToken cancel) => log.NextTimestampAsync(cancel);

    public ValueTask<Result<LogPosition>> PromiseAsync(Timestamp timestamp, CancellationToken cancel) =>
        bug == LogBug.PromisesUnheard && log is ReplicatedLog { State.IsActive: false } ? new(log.Committed) : log.PromiseAsync(timestamp, cancel);

    public Result<ILogReader> Read(LogPosition from) =>
        log.Read(from).TryGet(out var reader, out var failure) ? new BuggyReader(this, reader) : failure;

    public ValueTask<Result<Unit>> TruncateFrontAsync(LogPosition needed, CancellationToken cancel) => log.TruncateFrontAsync(needed, cancel);

    public ValueTask DisposeAsync() => log.DisposeAsync();

    private void Signal()
    {
        var before = appended;
        appended = new();
        before.SetResult();
    }

    private LogRecord Guess(RecordKind kind, IReadOnlyList<ReadOnlyMemory<byte>> payload)
    {
        var bytes = payload.SelectMany(piece => piece.ToArray()).ToArray();
        return new(new(default, log.Committed.Next, default, kind, bytes.Length, 0), bytes);
    }

    private LogRecord Spoiled(in LogRecord record)
    {
        if (bug == LogBug.LosesUsers && record.Kind.Value == MetadataRecordKinds.Root && MetadataCommands.Decode<RootCommand>(record.Payload) is RootCommand.PutUser)
        {
            return record with { Header = record.Header with { Kind = RecordKind.Reserve } };
        }

        if (record.Kind.Value != DataRecordKinds.Write)
        {
            return record;
        }

        if (bug == LogBug.DropsDeletes && ((Write)DataRecordCodec.Decode(record.Kind.Value, record.Payload)).Inserts.Count == 0)
        {
            return record with { Header = record.Header with { Kind = RecordKind.Reserve } };
        }

        if (bug == LogBug.ServesFlippedBits && record.Position.Number % 20 == 0)
        {
            var bytes = record.Payload.ToArray();
            bytes[^2] ^= 0x40;
            return record with { Payload = bytes };
        }

        return record;
    }

    private sealed class BuggyReader(BuggyLog owner, ILogReader reader) : ILogReader
    {
        private LogPosition handedOut = reader.Next;
        private Timestamp last;

        public LogPosition Next => handedOut;

        public async ValueTask<Result<IReadOnlyList<LogRecord>>> NextAsync(CancellationToken cancel)
        {
            if (owner.bug == LogBug.AppliesBeyondCommit && last > Timestamp.Zero)
            {
                return await Early(cancel);
            }

            var next = await reader.NextAsync(cancel);
            if (!next.TryGet(out var records, out var failure))
            {
                return failure;
            }

            var spoiled = records.Select(record => owner.Spoiled(record)).ToList();
            handedOut = reader.Next;
            last = records[^1].Timestamp;
            return spoiled;
        }

        public ValueTask DisposeAsync() => reader.DisposeAsync();

        /// <summary>Hands out what is being written, if it is the next, in place of what will be read.</summary>
        private async Task<Result<IReadOnlyList<LogRecord>>> Early(CancellationToken cancel)
        {
            while (true)
            {
                if (owner.early is { } guess && guess.Position == handedOut)
                {
                    handedOut = handedOut.Next;
                    return Result<IReadOnlyList<LogRecord>>.Ok([guess with { Header = guess.Header with { Timestamp = new(last.Value + 1) } }]);
                }

                if (owner.Committed >= handedOut)
                {
                    var read = (await reader.NextAsync(cancel)).Value.Where(record => record.Position >= handedOut).ToList();
                    if (read.Count > 0)
                    {
                        handedOut = read[^1].Position.Next;
                        last = read[^1].Timestamp;
                        return read;
                    }

                    continue;
                }

                await owner.appended.Task.Until(cancel);
            }
        }
    }
}
