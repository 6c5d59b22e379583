namespace Elanus.Roles;

/// <summary>Appends the records of changes that have several.</summary>
internal static class ChangeRecords
{
    /// <summary>
    /// As <see cref="ILog.AppendAsync"/>. That a log which ended took nothing of this record says nothing of the change: a record before may stand, and the next active completes it.
    /// </summary>
    /// <exception cref="LogDeadException">The log has ended: what becomes of the change is unknown.</exception>
    public static async ValueTask<Result<Appended>> AppendOfChange(this ILog log, RecordKind kind, IReadOnlyList<ReadOnlyMemory<byte>> payload, CancellationToken cancel)
    {
        var appended = await log.AppendAsync(kind, payload, ChannelFollower.AppendPatience, cancel);
        return appended.Failure?.Code == FailureCode.NotReady && log.Death.IsCompleted ? throw new LogDeadException(log.Channel, await log.Death) : appended;
    }
}
