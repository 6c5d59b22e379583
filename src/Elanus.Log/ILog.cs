using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// One channel of the only durable truth: records at positions 1, 2, 3 ..., one writer, its own epoch. A record is committed when it can
/// never be lost or replaced; nothing else is ever answered or read. Any thread may call it.
/// </summary>
public interface ILog : IAsyncDisposable
{
    ChannelId Channel { get; }

    /// <summary>The first position that can be read; those before it were truncated.</summary>
    LogPosition Front { get; }

    /// <summary>The last committed position. It only grows; after a start it stands before <see cref="Front"/> until an epoch is open.</summary>
    LogPosition Committed { get; }

    /// <summary>
    /// Ends when the log can no longer go on (a failed fsync, damage, a newer epoch), with the reason; never ends otherwise. The owner ends
    /// its process or its role then: what was in flight has an unknown outcome.
    /// </summary>
    Task<Exception> Death { get; }

    /// <summary>
    /// Makes the caller the writer: seals what was before, appends the fence of <paramref name="epoch"/>, and answers when that is committed.
    /// An epoch that is not above all that the log has seen, or a full disk, is a failure.
    /// <paramref name="forced"/> is the claim's mark of a promotion that an operator forced.
    /// </summary>
    ValueTask<Result<OpenedEpoch>> OpenAsync(Epoch epoch, bool forced, CancellationToken cancel);

    /// <summary>
    /// Appends a record at the next position, stamped at that moment, and answers when it is committed. The pieces of the payload are written
    /// one behind the other and must not change until the answer. Failures, after each of which nothing was appended:
    /// <see cref="FailureCode.TooManyRequests"/> where the queue made no room within <paramref name="patience"/>,
    /// <see cref="FailureCode.QuotaExceeded"/> for a full disk, <see cref="FailureCode.ParameterTooLarge"/>, <see cref="FailureCode.NotReady"/>
    /// while no epoch is open. <paramref name="cancel"/> counts only while the call waits for room; afterwards the record is on its way.
    /// Throws <see cref="LogDeadException"/> when the log dies meanwhile: then the outcome is unknown.
    /// </summary>
    ValueTask<Result<Appended>> AppendAsync(
        RecordKind kind, IReadOnlyList<ReadOnlyMemory<byte>> payload, TimeSpan patience, CancellationToken cancel);

    /// <summary>
    /// For a Strong read: the commit position, confirmed to be this epoch's by something that began after the call. A state that has applied
    /// it holds every write acknowledged before the call.
    /// </summary>
    ValueTask<Result<LogPosition>> ConfirmAsync(CancellationToken cancel);

    /// <summary>
    /// The commit position, where nobody else can append behind it unless an operator forces it: everything acknowledged stands up to it, whatever became of the arbiter. Null elsewhere.
    /// </summary>
    LogPosition? CommittedAlone => null;

    /// <summary>A timestamp above all before, for answers and ids; within the reservation, so no later owner gives it again.</summary>
    ValueTask<Result<Timestamp>> NextTimestampAsync(CancellationToken cancel);

    /// <summary>
    /// Promises that no record at or below a timestamp will stand behind the position that is returned: a state that has applied it knows all
    /// there will ever be up to the timestamp. One too far ahead of the clock is refused.
    /// </summary>
    ValueTask<Result<LogPosition>> PromiseAsync(Timestamp timestamp, CancellationToken cancel);

    /// <summary>Reads committed records from a position on; a position below <see cref="Front"/> is a failure.</summary>
    Result<ILogReader> Read(LogPosition from);

    /// <summary>Says that positions below this one are no longer needed; how many of them go is the log's choice.</summary>
    ValueTask<Result<Unit>> TruncateFrontAsync(LogPosition needed, CancellationToken cancel);
}
