namespace Elanus.Roles;

/// <summary>How much was applied, in bytes of log. The applier adds; any thread reads, one waits.</summary>
public sealed class AppliedVolume(long recordBytesMin) : IRecordConsumer
{
    private readonly Lock gate = new();
    private TaskCompletionSource? waiter;
    private long awaited;

    /// <summary>Since the start of the process.</summary>
    public long Bytes { get; private set; }

    /// <summary>Records that changed a state, since the start of the process.</summary>
    public long Changes { get; private set; }

    public void Apply(in LogRecord record)
    {
        lock (gate)
        {
            Bytes += Math.Max(recordBytesMin, RecordHeader.SpaceOf(record.Header.Length));
            Changes += record.Kind.IsOfTheLog ? 0 : 1;
            if (waiter is not null && Bytes >= awaited)
            {
                waiter.SetResult();
                waiter = null;
            }
        }
    }

    /// <summary>Ends when so many bytes were applied.</summary>
    public Task Reaches(long bytes, CancellationToken cancel)
    {
        lock (gate)
        {
            if (Bytes >= bytes)
            {
                return Task.CompletedTask;
            }

            awaited = bytes;
            waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return waiter.Task.Until(cancel);
        }
    }
}
