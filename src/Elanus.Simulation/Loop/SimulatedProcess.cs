namespace Elanus.Simulation;

/// <summary>
/// One process of the simulated world: a node's, a client's, the checker's. Whatever awaits within it continues within it, as steps of the
/// loop, until it ends.
/// </summary>
public sealed class SimulatedProcess : SynchronizationContext
{
    private readonly SimulationLoop loop;

    internal SimulatedProcess(SimulationLoop loop, string name, int number)
    {
        this.loop = loop;
        Name = name;
        Number = number;
        Clock = new(loop, this);
    }

    public string Name { get; }

    public int Number { get; }

    public bool IsEnded { get; private set; }

    /// <summary>Time as this process sees it.</summary>
    public ProcessClock Clock { get; }

    internal long HeldUntil { get; private set; }

    /// <summary>Begins work within this process, as a step of its own. An exception that it does not handle fails the run.</summary>
    public void Begin(Func<Task> work) => loop.Enqueue(this, state => _ = Owned((Func<Task>)state!), work);

    /// <summary>Stops everything in it for a while: a long collection, a stopped process, a starved machine.</summary>
    public void Hold(long ticks) => HeldUntil = Math.Max(HeldUntil, loop.Now + ticks);

    /// <summary>Ends it at once: nothing in it runs any more.</summary>
    public void End()
    {
        IsEnded = true;
        loop.Forget(this);
    }

    /// <summary>Ends after so many virtual ticks.</summary>
    public ValueTask Delay(long ticks)
    {
        var pause = new ProcessPause(this);
        loop.SetAlarm(this, loop.Now + ticks, static state => ((ProcessPause)state!).End(), pause);
        return pause.Wait;
    }

    public override void Post(SendOrPostCallback d, object? state) => loop.Enqueue(this, d, state);

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new SimulationFaultException($"{Name} blocks on work of another thread, which the simulation does not have");

    public override SynchronizationContext CreateCopy() => this;

    private async Task Owned(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (SimulationFaultException fault)
        {
            loop.Fail(fault.Message);
        }
        catch (Exception bug)
        {
            loop.Fail($"{Name} threw what nobody expected: {bug}");
        }
    }
}
