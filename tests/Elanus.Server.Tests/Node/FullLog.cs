using Elanus.Log;
using Elanus.Primitives;

namespace Elanus.Server.Tests;

/// <summary>A log whose disk takes no record but a fence while it is full.</summary>
internal sealed class FullLog(ILog log, Func<bool> isFull) : ILog
{
    public ChannelId Channel => log.Channel;

    public LogPosition Front => log.Front;

    public LogPosition Committed => log.Committed;

    public Task<Exception> Death => log.Death;

    public ValueTask<Result<OpenedEpoch>> OpenAsync(Epoch epoch, bool forced, CancellationToken cancel) => log.OpenAsync(epoch, forced, cancel);

    public ValueTask<Result<Appended>> AppendAsync(RecordKind kind, IReadOnlyList<ReadOnlyMemory<byte>> payload, TimeSpan patience, CancellationToken cancel) =>
        isFull() ? new(DiskFull.For("the log")) : log.AppendAsync(kind, payload, patience, cancel);

    public ValueTask<Result<LogPosition>> ConfirmAsync(CancellationToken cancel) => log.ConfirmAsync(cancel);

    public ValueTask<Result<Timestamp>> NextTimestampAsync(CancellationToken cancel) => log.NextTimestampAsync(cancel);

    public ValueTask<Result<LogPosition>> PromiseAsync(Timestamp timestamp, CancellationToken cancel) => log.PromiseAsync(timestamp, cancel);

    public Result<ILogReader> Read(LogPosition from) => log.Read(from);

    public ValueTask<Result<Unit>> TruncateFrontAsync(LogPosition needed, CancellationToken cancel) => log.TruncateFrontAsync(needed, cancel);

    public ValueTask DisposeAsync() => log.DisposeAsync();
}
