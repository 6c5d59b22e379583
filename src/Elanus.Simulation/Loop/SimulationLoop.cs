namespace Elanus.Simulation;

/// <summary>
/// The scheduler of a simulated world (this folder's README). Times are ticks of 100 ns since the run began. Only the thread that made it
/// may touch it.
/// </summary>
public sealed class SimulationLoop
{
    /// <summary>Steps after which a run is taken to be going in circles.</summary>
    private const long StepsMax = 5_000_000;

    /// <summary>Where virtual time begins on the wall.</summary>
    private static readonly DateTimeOffset Origin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What a step takes.</summary>
    private const long StepTicks = 5;

    private readonly Dice dice;
    private readonly int thread = Environment.CurrentManagedThreadId;
    private readonly List<Step> ready = new(256);
    private readonly PriorityQueue<Alarm, (long Due, long Order)> alarms = new();
    private long alarmsSet;
    private int processes;
    private volatile string? failure;

    public SimulationLoop(ulong seed)
    {
        dice = new(seed);
        Trace = new();
    }

    public Trace Trace { get; }

    public long Now { get; private set; }

    /// <summary>What a clock shows that nobody has moved.</summary>
    public DateTimeOffset Wall => Origin + TimeSpan.FromTicks(Now);

    /// <summary>Steps run so far.</summary>
    public long Steps { get; private set; }

    public SimulatedProcess Process(string name) => new(this, name, processes++);

    /// <summary>Runs steps until the condition holds or the time has come; false where it does not hold by then.</summary>
    public bool Run(Func<bool> done, long until)
    {
        var before = SynchronizationContext.Current;
        try
        {
            while (!done())
            {
                if (failure is { } why)
                {
                    throw new SimulationFaultException(why);
                }

                if (ready.Count == 0 && !Advance(until))
                {
                    Now = Math.Max(Now, until);
                    return done();
                }

                RunOne();
                if (Now > until)
                {
                    return done();
                }
            }

            return true;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>An event of the run, for its trace.</summary>
    public void Event(string what) => Trace.Event(Now, what);

    /// <summary>Ends the run with a sentence; the first one counts.</summary>
    public void Fail(string why) => failure ??= why;

    internal void Enqueue(SimulatedProcess process, SendOrPostCallback work, object? state)
    {
        // Finalizers of what an ended process held may still speak up, from their own thread.
        if (process.IsEnded)
        {
            return;
        }

        if (Environment.CurrentManagedThreadId != thread)
        {
            failure ??= $"a continuation of {process.Name} came back from another thread: something of it waits outside the simulation";
            return;
        }

        ready.Add(new(process, work, state));
    }

    /// <summary>Makes a step ready at a time, unless its process has ended by then.</summary>
    internal void SetAlarm(SimulatedProcess process, long due, SendOrPostCallback work, object? state) =>
        alarms.Enqueue(new(process, work, state), (Math.Max(due, Now), alarmsSet++));

    internal void Forget(SimulatedProcess process) => ready.RemoveAll(step => step.Process == process);

    private bool Advance(long until)
    {
        while (alarms.TryPeek(out var alarm, out var when) && when.Due <= until)
        {
            if (alarm.Process.IsEnded)
            {
                alarms.Dequeue();
                continue;
            }

            Now = Math.Max(Now, when.Due);
            Ring();
            return true;
        }

        return false;
    }

    /// <summary>Makes ready what is due.</summary>
    private void Ring()
    {
        while (alarms.TryPeek(out var alarm, out var when) && when.Due <= Now)
        {
            alarms.Dequeue();
            Enqueue(alarm.Process, alarm.Work, alarm.State);
        }
    }

    private void RunOne()
    {
        if (++Steps > StepsMax)
        {
            throw new SimulationFaultException($"the run took more than {StepsMax} steps: something goes in circles");
        }

        var chosen = dice.Below(ready.Count);
        var step = ready[chosen];
        Trace.Add((ulong)Now ^ (ulong)chosen << 40 ^ (ulong)ready.Count << 48 ^ (ulong)step.Process.Number << 56);
        ready[chosen] = ready[^1];
        ready.RemoveAt(ready.Count - 1);
        if (step.Process.HeldUntil > Now)
        {
            SetAlarm(step.Process, step.Process.HeldUntil, step.Work, step.State);
            return;
        }

        Now += StepTicks;
        SynchronizationContext.SetSynchronizationContext(step.Process);
        step.Work(step.State);
        Ring();
    }

    private readonly record struct Step(SimulatedProcess Process, SendOrPostCallback Work, object? State);

    private readonly record struct Alarm(SimulatedProcess Process, SendOrPostCallback Work, object? State);
}
