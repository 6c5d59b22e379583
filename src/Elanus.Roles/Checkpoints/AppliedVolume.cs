namespace Elanus.Roles;

/// <summary>How much was applied, in bytes of log. The applier adds; any thread reads, one waits.</summary>
public sealed class AppliedVolume(long recordBytesMin) : IRecordConsumer
{
    private readonly Lock gate = new();
    private TaskCompletionSource? waiter;
    private long awaited;
    private long passed;
    private long held;

    /// <summary>Since the start of the process.</summary>
    public long Bytes { get; private set; }

    /// <summary>Records that changed a state, since the start of the process.</summary>
    public long Changes { get; private set; }

    /// <summary>Bytes of files that only checkpoints need: they count beside what was applied, for as long as they lie there.</summary>
    public long Held
    {
        get
        {
            lock (gate)
            {
                return held;
            }
        }

        set
        {
            lock (gate)
            {
                held = value;
                Look();
            }
        }
    }

    /// <summary>Whoever waits has waited for bytes enough, and lacks a record behind the point that it named.</summary>
    public bool LacksRecord
    {
        get
        {
            lock (gate)
            {
                return waiter is not null && Bytes <= passed && Bytes + held >= awaited;
            }
        }
    }

    public void Apply(in LogRecord record)
    {
        lock (gate)
        {
            Bytes += Math.Max(recordBytesMin, RecordHeader.SpaceOf(record.Header.Length));
            Changes += record.Kind.IsOfTheLog ? 0 : 1;
            Look();
        }
    }

    /// <summary>Ends when bytes applied and <see cref="Held"/> are so many together, and more than a number of bytes was applied.</summary>
    public Task Reaches(long bytes, long behind, CancellationToken cancel)
    {
        lock (gate)
        {
            (awaited, passed) = (bytes, behind);
            if (IsReached)
            {
                return Task.CompletedTask;
            }

            waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return waiter.Task.Until(cancel);
        }
    }

    private bool IsReached => Bytes > passed && Bytes + held >= awaited;

    private void Look()
    {
        if (waiter is not null && IsReached)
        {
            waiter.SetResult();
            waiter = null;
        }
    }
}
