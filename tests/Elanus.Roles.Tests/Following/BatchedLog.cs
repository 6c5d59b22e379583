using Elanus.Log;
using Elanus.Primitives;

namespace Elanus.Roles.Tests;

/// <summary>A log that can only be read, in batches of one size, each gone when the next one is asked for.</summary>
internal sealed class BatchedLog(IReadOnlyList<LogRecord> records, int batch) : ILog
{
    public ChannelId Channel => records[0].Position.Channel;

    public LogPosition Front => records[0].Position;

    public LogPosition Committed => records[^1].Position;

    public Task<Exception> Death { get; } = new TaskCompletionSource<Exception>().Task;

    public Result<ILogReader> Read(LogPosition from) => new Reader(this, records, batch);

    public ValueTask<Result<OpenedEpoch>> OpenAsync(Epoch epoch, bool forced, CancellationToken cancel) => throw new NotSupportedException();

    public ValueTask<Result<Appended>> AppendAsync(RecordKind kind, IReadOnlyList<ReadOnlyMemory<byte>> payload, TimeSpan patience, CancellationToken cancel) => throw new NotSupportedException();

    public ValueTask<Result<LogPosition>> ConfirmAsync(CancellationToken cancel) => throw new NotSupportedException();

    public ValueTask<Result<Timestamp>> NextTimestampAsync(CancellationToken cancel) => throw new NotSupportedException();

    public ValueTask<Result<LogPosition>> PromiseAsync(Timestamp timestamp, CancellationToken cancel) => throw new NotSupportedException();

    public ValueTask<Result<Unit>> TruncateFrontAsync(LogPosition needed, CancellationToken cancel) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Reader(ILog log, IReadOnlyList<LogRecord> records, int batch) : ILogReader
    {
        private readonly List<byte[]> lent = [];
        private int next;

        public LogPosition Next => new(log.Channel, (ulong)next + 1);

        public async ValueTask<Result<IReadOnlyList<LogRecord>>> NextAsync(CancellationToken cancel)
        {
            lent.ForEach(payload => payload.AsSpan().Fill(0xEE));
            lent.Clear();
            if (next == records.Count)
            {
                await new TaskCompletionSource().Task.WaitAsync(cancel);
            }

            var taken = records.Skip(next).Take(batch).Select(Lent).ToList();
            next += taken.Count;
            return taken;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private LogRecord Lent(LogRecord record)
        {
            lent.Add(record.Payload.ToArray());
            return record with { Payload = lent[^1] };
        }
    }
}
