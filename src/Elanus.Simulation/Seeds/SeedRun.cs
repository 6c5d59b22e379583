using Elanus.Server;

namespace Elanus.Simulation;

/// <summary>
/// One seed: ten virtual seconds of clients and faults against one node, then, all faults ended, the proof that it serves again and that
/// everything stands where the log says. The same seed gives the same trace, always.
/// </summary>
public sealed class SeedRun : IDisposable
{
    private const long Second = TimeSpan.TicksPerSecond;
    private const long WorkloadTicks = 10 * Second;

    /// <summary>From the last fault to serving.</summary>
    private const long RecoveryTicksMax = 10 * Second;

    private readonly SimulationLoop loop;
    private readonly SimulatedProcess operators;
    private readonly SimulatedProcess clients;
    private readonly SimulatedNode node;
    private readonly History history;
    private readonly NodeChecker checker;
    private readonly Adversary adversary;
    private readonly Dice dice;
    private readonly WorkloadMix mix;

    private SeedRun(ulong seed, SimulationOptions options)
    {
        dice = new(seed);
        loop = new(dice.Next()) { Trace = { Listener = options.Listener } };
        operators = loop.Process("operators");
        clients = loop.Process("clients");
        var settings = World.Node(dice);
        node = new(loop, "node", settings, dice.Fork(), options.AroundLog);
        node.Disk.Usually = options.Syncs;
        history = new(loop);
        checker = new(history, static () => (0, 0));
        node.Companion = checker.Follow;
        node.Closed = closed => checker.CheckClosed(closed, node.Disk.Medium);
        mix = new(dice.Fork());
        var (own, kinds) = (dice.Fork(), options.Faults ?? Adversary.Drawn(dice));
        history.Bounded = kinds.Contains(FaultKind.ClockJump) ? null : settings.GracefulTime;
        adversary = new(loop, operators, node, own, kinds);
    }

    /// <summary>Runs a seed on the calling thread.</summary>
    public static SeedOutcome Of(ulong seed, SimulationOptions? options = null)
    {
        options ??= new();
        if (options.Nodes > 1)
        {
            return ClusterRun.Of(seed, options);
        }

        using var run = new SeedRun(seed, options);
        string? violation = null;
        try
        {
            run.All();
        }
        catch (SimulationFaultException found)
        {
            violation = found.Message;
        }

        return new(
            seed, violation, run.loop.Trace.Hash, run.loop.Steps, run.history.Operations.Count, run.history.Answered, run.history.Unknown,
            run.adversary.Count, run.node.Starts, run.checker.Compared);
    }

    private void All()
    {
        node.Start();
        new Supervisor(loop, operators, node, adversary, dice.Fork()).Begin();
        operators.Begin(() => checker.Watch(node, operators));
        new VirtualClient(clients, node, history, mix, dice.Fork(), WorkloadTicks, loop).Begin(2 + dice.Below(10));
        adversary.Begin();
        loop.Run(
            () =>
            {
                adversary.Tick();
                return false;
            },
            WorkloadTicks);
        adversary.Heal();
        var recovered = false;
        operators.Begin(async () => recovered = await new ServiceProof(history, node, mix, operators).Wait());
        var since = loop.Now;
        Require(loop.Run(() => recovered, since + RecoveryTicksMax), $"the node does not serve {RecoveryTicksMax / Second} s after the last fault: it is {node.Standing} {node.Refusal}");
        Finish();
    }

    /// <summary>A last check, one more start, and the same again; then every operation is judged.</summary>
    private void Finish()
    {
        Checked();
        node.Stop();
        Require(loop.Run(() => node.Serving is not null, loop.Now + RecoveryTicksMax), "the node does not come back after an orderly stop");
        Checked();
        history.Judge(last: true);
    }

    private void Checked()
    {
        var ended = CallEnd.NotSent;
        operators.Begin(async () =>
        {
            while (ended != CallEnd.Answered)
            {
                ended = (await node.Call<Unit>(checker.Check, CancellationToken.None)).End;
                await operators.Delay(Second / 100);
            }
        });
        Require(loop.Run(() => ended == CallEnd.Answered, loop.Now + RecoveryTicksMax), "the node cannot be checked");
    }

    public void Dispose()
    {
        node.Abandon();
        history.Dispose();
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new SimulationFaultException(what);
        }
    }
}
