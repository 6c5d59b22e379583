using Elanus.Coordination;
using Elanus.Server;

namespace Elanus.Simulation;

/// <summary>
/// One seed with several nodes and an arbiter: ten virtual seconds of clients and faults, then, all faults ended, the proof that one active serves again, that the
/// set is whole and that every node stands where the log says. The same seed gives the same trace, always.
/// </summary>
internal sealed class ClusterRun : IDisposable
{
    private const long Second = TimeSpan.TicksPerSecond;
    private const long WorkloadTicks = 10 * Second;

    /// <summary>From the last fault to one active with a whole set.</summary>
    private const long RecoveryTicksMax = 10 * Second;

    private readonly ulong seed;
    private readonly SimulationLoop loop;
    private readonly SimulatedProcess operators;
    private readonly SimulatedProcess clients;
    private readonly SimulatedCluster cluster;
    private readonly History history;
    private readonly List<MemoryFileSystem> givenUp = [];
    private readonly List<NodeChecker> checkers;
    private readonly ClusterAdversary adversary;
    private readonly Dice dice;
    private readonly WorkloadMix mix;

    private ClusterRun(ulong seed, SimulationOptions options)
    {
        this.seed = seed;
        dice = new(seed);
        loop = new(dice.Next()) { Trace = { Listener = options.Listener } };
        operators = loop.Process("operators");
        clients = loop.Process("clients");
        cluster = new(loop, clients, options.Nodes, dice.Fork(), Reads(seed), options);
        history = new(loop);
        checkers = [.. cluster.Nodes.Select(node => new NodeChecker(history, () => (node.Emptied, node.GivenUp)) { IsAlone = false })];
        for (var i = 0; i < checkers.Count; i++)
        {
            cluster.Nodes[i].Companion = checkers[i].Follow;
            cluster.Nodes[i].Found = checkers[i].Finds;
        }

        cluster.Judge.Claimed = Claimed;
        mix = new(dice.Fork());
        adversary = new(loop, operators, cluster, dice.Fork(), seed, options);
        history.Bounded = adversary.MovesClocks ? null : cluster.GracefulTime;
    }

    public static SeedOutcome Of(ulong seed, SimulationOptions options)
    {
        using var run = new ClusterRun(seed, options);
        string? violation = null;
        try
        {
            run.All();
        }
        catch (SimulationFaultException found)
        {
            violation = found.Message;
        }

        return run.Outcome(violation);
    }

    public void Dispose()
    {
        foreach (var node in cluster.Nodes)
        {
            node.Abandon();
        }

        history.Dispose();
    }

    /// <summary>Whether standbys answer reads follows from the seed's last digits, and it has dice of its own: so the seeds of before are what they were.</summary>
    private static Dice? Reads(ulong seed) => seed % 10 is 0 or 3 or 9 || seed % 20 == 6 ? new(~seed ^ 0x5EAD) : null;

    private SeedOutcome Outcome(string? violation) => new(
        seed, violation, loop.Trace.Hash, loop.Steps, history.Operations.Count, history.Answered, history.Unknown,
        adversary.Count, cluster.Nodes.Sum(node => node.Starts), checkers.Sum(checker => checker.Compared));

    private void All()
    {
        for (var i = 0; i < cluster.Nodes.Count; i++)
        {
            var (node, checker) = (cluster.Nodes[i], checkers[i]);
            new Supervisor(loop, operators, node, adversary.Of(i), dice.Fork()) { Empties = () => Empties(node, checker) }.Begin();
            operators.Begin(() => checker.Watch(node, operators));
        }

        new VirtualClient(clients, cluster, history, mix, dice.Fork(), WorkloadTicks, loop).Begin(2 + dice.Below(10));
        adversary.Begin();
        loop.Run(
            () =>
            {
                adversary.Tick();
                return false;
            },
            WorkloadTicks);
        adversary.Heal();
        Recovers("after the last fault");
        Checked();
        foreach (var node in cluster.Nodes)
        {
            node.Kill();
        }

        Recovers("after all nodes were killed at once");
        Checked();
        foreach (var node in cluster.Nodes)
        {
            Require(node.GivenUp <= node.Damaged, () => $"{node.Name} took its files for damaged {node.GivenUp} times, and {node.Damaged} times they were");
        }

        var forced = history.Branches.All.Count - 1;
        var kept = new KeptTails(history);
        foreach (var disk in forced == 0 ? [] : cluster.Nodes.Select(node => node.Disk.Medium).Concat(givenUp))
        {
            kept.Read(disk);
        }

        Held(kept.Complete());
        history.Judge(last: true);
        Held(kept.Lost());
        if (forced > 0)
        {
            loop.Event($"{kept.Dropped} acknowledged writes were dropped by {forced} forced promotions; {kept.Found} of them are kept as records, the others in checkpoints");
        }
    }

    /// <summary>Whoever is named holder has, then and there, every record that somebody was answered for; where it lives.</summary>
    private void Claimed(RoleRecord record)
    {
        loop.Event($"{record.Epoch} is node {record.Holder}'s, in sync are [{string.Join(' ', record.InSync.Select(member => member.Address))}]");
        if (record.Forced)
        {
            var forced = checkers.FindIndex(checker => checker.Node == record.Holder);
            Require(forced >= 0, $"{record.Epoch} is forced by a node that never served");
            var branch = history.Branches.Forced(record.Epoch, checkers[forced].Branch, cluster.Nodes[forced].Running is { } running && running.Node == record.Holder ? running.Replica!.Files : null);
            loop.Event($"{record.Epoch} is forced: of {branch.Parent!.Committed} acknowledged records {branch.Shared} are known to be there");
            return;
        }

        var acknowledged = history.Branches.Of(record.Epoch).Committed;
        if (cluster.Nodes.FirstOrDefault(node => node.Running?.Node == record.Holder) is { } holder
            // A claim that an arbiter without memory let through: the claimant knows better, and does not act under it.
            && !(cluster.Judge.HasForgotten && holder.Running!.Replica!.State.Epoch.Number >= record.Epoch.Number)
            && holder.Running!.Replica!.Files.Durable.Number is var durable)
        {
            Require(durable >= acknowledged, $"{holder.Name} claims {record.Epoch} with {durable} records, and {acknowledged} were acknowledged");
        }
    }

    /// <summary>A node of a history that a forced promotion left cannot always tell so by itself (the fence that says it may be gone): its operator, who forced it, keeps its files and empties the directory, as its sentence says.</summary>
    private bool Empties(SimulatedNode node, NodeChecker checker)
    {
        if (checker.Branch == history.Branches.Last || !node.Refusal.Contains("no forced promotion explains that", StringComparison.Ordinal))
        {
            return false;
        }

        loop.Event($"the operator keeps what {node.Name} has, and empties its directory");
        givenUp.Add(node.Disk.Medium);
        node.LoseDisk();
        return true;
    }

    private void Recovers(string when)
    {
        var serves = false;
        operators.Begin(async () => serves = await new ServiceProof(history, cluster, mix, operators).Wait());
        Require(loop.Run(() => serves && IsWhole(), loop.Now + RecoveryTicksMax), () => $"{RecoveryTicksMax / Second} s {when} {(serves ? "the set is not whole" : "nobody serves")}: {Standings()}");
    }

    private bool IsWhole() => cluster.IsWhole && cluster.Active?.Serving?.Replica?.State.InSync.Length == cluster.Nodes.Count;

    private string Standings() => string.Join("; ", cluster.Nodes.Select(node =>
        $"{node.Name} is {node.Standing} {node.Refusal}{(node.Running?.Replica is { } replica ? $" at {replica.Files.Durable} of {replica.Files.Chain.Last}, active: {replica.State.IsActive}, set {replica.State.InSync.Length} {replica.State.Sentences.FirstOrDefault()}" : "")}"));

    /// <summary>Every node comes to hold everything acknowledged, and is held against it.</summary>
    private void Checked()
    {
        var left = cluster.Nodes.Count;
        var upTo = history.Acknowledged;
        for (var i = 0; i < cluster.Nodes.Count; i++)
        {
            var (node, checker) = (cluster.Nodes[i], checkers[i]);
            operators.Begin(async () =>
            {
                while (node.Serving?.Roles.Applied.Number < upTo || (await node.Call<Unit>(checker.Check, CancellationToken.None)).End != CallEnd.Answered)
                {
                    await operators.Delay(Second / 100);
                }

                left--;
            });
        }

        Require(loop.Run(() => left == 0, loop.Now + RecoveryTicksMax), () => $"{left} nodes do not come to hold {upTo} records: {Standings()}");
    }

    private static void Held(string? wrong) => Require(wrong is null, () => wrong!);

    private static void Require(bool holds, string what) => Require(holds, () => what);

    private static void Require(bool holds, Func<string> what)
    {
        if (!holds)
        {
            throw new SimulationFaultException(what());
        }
    }
}
