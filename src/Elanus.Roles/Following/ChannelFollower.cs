namespace Elanus.Roles;

/// <summary>
/// Applies a channel's committed records to its state machines, in order, for as long as the role lives; this is how every role follows and
/// how it recovers. Invariant: records are applied once each, without a gap, never beyond the commit position.
/// One task applies; any thread may wait.
/// </summary>
public sealed class ChannelFollower
{
    /// <summary>How long an append waits for room in the log's queue before the caller is told to come back.</summary>
    public static readonly TimeSpan AppendPatience = TimeSpan.FromSeconds(5);

    private readonly ILog log;
    private readonly IReadOnlyList<IRecordConsumer> consumers;
    private readonly Lock gate = new();
    private readonly Lock applying = new();
    private readonly PriorityQueue<TaskCompletionSource, ulong> waiting = new();
    private LogDeadException? broken;
    private LogPosition applied;
    private ulong appliedTimestamp;
    private Epoch appliedEpoch;
    private bool isTorn;

    public ChannelFollower(ILog log, IReadOnlyList<IRecordConsumer> consumers)
    {
        this.log = log;
        this.consumers = consumers;
        applied = LogPosition.Start(log.Channel);
    }

    /// <summary>The last record that every consumer has applied.</summary>
    public LogPosition Applied
    {
        get
        {
            lock (gate)
            {
                return applied;
            }
        }
    }

    public Timestamp AppliedTimestamp => new(Volatile.Read(ref appliedTimestamp));

    /// <summary>Begins behind a checkpoint that the consumers were restored from; before <see cref="Run"/>.</summary>
    public void StartBehind(AppliedPoint restored)
    {
        lock (applying)
        {
            Invariant.Holds(Applied.Number == 0, "a follower was moved that had begun");
            appliedEpoch = restored.Epoch;
            Volatile.Write(ref appliedTimestamp, restored.Timestamp.Value);
            lock (gate)
            {
                applied = restored.Position;
            }
        }
    }

    /// <summary>Looks at the consumers between two records: the applier waits meanwhile, so the look is quick.</summary>
    /// <exception cref="LogDeadException">A record could not be applied.</exception>
    public T AtRest<T>(Func<AppliedPoint, T> look)
    {
        lock (applying)
        {
            if (isTorn)
            {
                // Said before the lock was left.
                throw broken!;
            }

            return look(new(Applied, AppliedTimestamp, appliedEpoch));
        }
    }

    /// <summary>Follows until cancelled. A record that cannot be applied ends it with an exception, and every wait too.</summary>
    public async Task Run(CancellationToken cancel)
    {
        try
        {
            await using var reader = Opened();
            while (true)
            {
                var next = await reader.NextAsync(cancel);
                Invariant.Holds(next.Succeeded, $"the log was cut in front of a follower at {reader.Next}: {next.Failure}");
                foreach (var record in next.Value)
                {
                    Apply(record);
                }
            }
        }
        catch (Exception ended)
        {
            Break(ended);
            throw;
        }
    }

    /// <summary>Completes when the position is applied.</summary>
    public Task WaitFor(LogPosition position, CancellationToken cancel)
    {
        TaskCompletionSource waiter;
        lock (gate)
        {
            if (applied >= position)
            {
                return Task.CompletedTask;
            }

            if (broken is not null)
            {
                return Task.FromException(broken);
            }

            waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue(waiter, position.Number);
        }

        return waiter.Task.Until(cancel);
    }

    private ILogReader Opened()
    {
        var opened = log.Read(Applied.Next);
        Invariant.Holds(opened.Succeeded, $"the log does not reach back to {Applied}: {opened.Failure}");
        return opened.Value;
    }

    private void Apply(in LogRecord record)
    {
        Invariant.Holds(record.Position == applied.Next, $"record {record.Position} does not follow {applied}");
        lock (applying)
        {
            isTorn = true;
            try
            {
                foreach (var consumer in consumers)
                {
                    consumer.Apply(record);
                }
            }
            catch (Exception why)
            {
                Break(why);
                throw;
            }

            isTorn = false;
            appliedEpoch = record.Epoch;
            Volatile.Write(ref appliedTimestamp, record.Timestamp.Value);
            lock (gate)
            {
                applied = record.Position;
            }
        }

        lock (gate)
        {
            while (waiting.TryPeek(out var waiter, out var number) && number <= applied.Number)
            {
                waiting.Dequeue();
                waiter.TrySetResult();
            }
        }
    }

    private void Break(Exception why)
    {
        lock (gate)
        {
            // For those who wait it is as if the log had stopped: what they asked stands in it or not, and here nobody will know.
            broken ??= why as LogDeadException ?? new(log.Channel, why);
            while (waiting.TryDequeue(out var waiter, out _))
            {
                waiter.TrySetException(broken);
            }
        }
    }
}
