using Elanus.Replication;

namespace Elanus.Simulation;

/// <summary>
/// Does harm to a cluster, at moments drawn from the seed, as <see cref="Adversary"/> does to one node; to machines and to the ways between them.
/// </summary>
public sealed class ClusterAdversary
{
    private const long Millisecond = TimeSpan.TicksPerMillisecond;

    /// <summary>Attempts of a run.</summary>
    private const int ForcedMost = 3;

    /// <summary>What only some seeds have: an operator has a hand in it.</summary>
    private static readonly ClusterFaultKind[] Rare = [ClusterFaultKind.ArbiterForgets, ClusterFaultKind.ForcedPromotion];

    private readonly SimulationLoop loop;
    private readonly SimulatedProcess process;
    private readonly SimulatedCluster cluster;
    private readonly Dice dice;
    private readonly List<Adversary> machines;
    private readonly IReadOnlyList<FaultKind> kinds;
    private readonly IReadOnlyList<ClusterFaultKind> ways;
    private readonly ClusterFaultKind[] operators;
    private readonly Dice rare;
    private readonly List<NodeId> takenOut = [];
    private readonly int pauseMax;
    private long nextStep = long.MaxValue;
    private long nextRare = long.MaxValue;
    private int forced;
    private bool ended;

    public ClusterAdversary(SimulationLoop loop, SimulatedProcess process, SimulatedCluster cluster, Dice dice, ulong seed, SimulationOptions options)
    {
        this.loop = loop;
        this.process = process;
        this.cluster = cluster;
        this.dice = dice;
        // A member does not refuse what only damage at rest does: that is one node's affair.
        kinds = [.. (options.Faults ?? Adversary.Drawn(dice)).Where(kind => kind != FaultKind.FlippedBit)];
        ways = options.ClusterFaults?.Except(Rare).ToList() ?? Drawn(dice);
        operators = options.ClusterFaults?.Intersect(Rare).ToArray() ?? OfSeed(seed);
        rare = new(~seed);
        machines = [.. cluster.Nodes.Select(node => new Adversary(loop, process, node, dice.Fork(), kinds))];
        pauseMax = dice.Of([4_000, 10_000, 30_000]);
    }

    /// <summary>Faults so far.</summary>
    public int Count { get; private set; }

    /// <summary>Whether clocks stand where nobody can say.</summary>
    public bool MovesClocks => kinds.Contains(FaultKind.ClockJump);

    public Adversary Of(int node) => machines[node];

    public void Begin()
    {
        nextStep = loop.Steps + Pause();
        nextRare = operators.Length > 0 ? loop.Steps + RarePause() : long.MaxValue;
    }

    /// <summary>Called between steps.</summary>
    public void Tick()
    {
        if (loop.Steps >= nextRare)
        {
            nextRare = loop.Steps + RarePause();
            Count++;
            DoRare(rare.Of(operators));
        }

        if (loop.Steps < nextStep || kinds.Count + ways.Count == 0)
        {
            return;
        }

        nextStep = loop.Steps + Pause();
        Count++;
        var chosen = dice.Below(kinds.Count + ways.Count);
        if (chosen < kinds.Count)
        {
            dice.Of(machines).Strike(kinds[chosen]);
        }
        else
        {
            Do(ways[chosen - kinds.Count]);
        }
    }

    /// <summary>Ends every fault.</summary>
    public void Heal()
    {
        (nextStep, nextRare) = (long.MaxValue, long.MaxValue);
        ended = true;
        machines.ForEach(machine => machine.Heal());
        cluster.MendAll();
        Admit();
    }

    private static IReadOnlyList<ClusterFaultKind> Drawn(Dice dice)
    {
        var odds = dice.Of([150, 400, 800]);
        return [.. Enum.GetValues<ClusterFaultKind>().Except(Rare).Where(_ => dice.Chance(odds))];
    }

    /// <summary>What a seed has of these follows from its last digit, and they have dice of their own: so the seeds of before are what they were.</summary>
    private static ClusterFaultKind[] OfSeed(ulong seed) => (seed % 10) switch
    {
        3 => [ClusterFaultKind.ArbiterForgets],
        6 => Rare,
        8 => [ClusterFaultKind.ForcedPromotion],
        _ => [],
    };

    /// <summary>Whoever was taken out is let in again, by whichever node knows of it.</summary>
    private void Admit()
    {
        foreach (var replica in cluster.Nodes.Select(node => node.Running?.Replica).OfType<ReplicatedLog>())
        {
            // Also one that is down, or about to start, at this moment.
            foreach (var member in takenOut)
            {
                replica.Admit(member);
            }
        }
    }

    private long Pause() => dice.Scaled(50, pauseMax);

    private long RarePause() => rare.Scaled(500, pauseMax);

    private void DoRare(ClusterFaultKind kind)
    {
        switch (kind)
        {
            // Where every node keeps the epoch that stands: what no node knows nobody can defend.
            case ClusterFaultKind.ArbiterForgets when cluster.IsSettled && cluster.Nodes.All(node => node.Damaged == 0):
                cluster.Judge.Forget(rare);
                For(rare, 3_000, "the arbiter has lost its memory", cluster.Judge.Remember);
                break;
            // Where no disk was lost or damaged: what the others have acknowledged lies with them.
            case ClusterFaultKind.ForcedPromotion when forced < ForcedMost && !cluster.Judge.HasForgotten && cluster.Nodes.All(node => node.Damaged == 0):
                Force(rare.Of(cluster.Nodes));
                break;
        }
    }

    private void Do(ClusterFaultKind kind)
    {
        var (one, other) = (dice.Of(cluster.Nodes).Name, dice.Of(cluster.Nodes).Name);
        var (network, judge) = (cluster.Network, cluster.Judge);
        switch (kind)
        {
            case ClusterFaultKind.CutOneWay when one != other:
                network.Cut(one, other);
                For(3_000, $"nothing gets from {one} to {other}", () => network.Mend(one, other));
                break;
            case ClusterFaultKind.CutBothWays when one != other:
                network.Cut(one, other);
                network.Cut(other, one);
                For(3_000, $"nothing gets from {one} to {other} or back", () =>
                {
                    network.Mend(one, other);
                    network.Mend(other, one);
                });
                break;
            case ClusterFaultKind.CutFromArbiter:
                judge.Cut(one);
                For(3_000, $"{one} is cut from the arbiter", () => judge.Mend(one));
                break;
            case ClusterFaultKind.CutFromClients:
                cluster.CutFromClients(one, cut: true);
                For(2_000, $"clients do not reach {one}", () => cluster.CutFromClients(one, cut: false));
                break;
            case ClusterFaultKind.Isolate:
                Isolate(one);
                break;
            case ClusterFaultKind.Lossy:
                network.LostInThousand = dice.Of([20, 100, 300]);
                For(2_000, $"{network.LostInThousand} of a thousand messages are lost", () => network.LostInThousand = 0);
                break;
            case ClusterFaultKind.Disorder:
                network.Reorders = true;
                network.DoubledInThousand = dice.Of([0, 50, 300]);
                For(2_000, $"messages come in any order, {network.DoubledInThousand} of a thousand twice", () =>
                {
                    network.Reorders = false;
                    network.DoubledInThousand = 0;
                });
                break;
            case ClusterFaultKind.SlowNetwork:
                network.DelayMax = dice.Scaled(20 * Millisecond, 500 * Millisecond);
                For(2_000, $"messages take up to {network.DelayMax / Millisecond} ms", () => network.DelayMax = 2 * Millisecond);
                break;
            case ClusterFaultKind.ArbiterStalls:
                var ticks = dice.Scaled(10 * Millisecond, 4_000 * Millisecond);
                loop.Event($"the arbiter stalls for {ticks / Millisecond} ms");
                judge.Stall(ticks);
                break;
            case ClusterFaultKind.ArbiterRestarts:
                loop.Event("the arbiter restarts");
                judge.Restart();
                break;
            case ClusterFaultKind.ArbiterLosesMessages:
                (judge.LostRequestsInThousand, judge.LostRepliesInThousand, judge.LostHintsInThousand) = (dice.Of([0, 100, 500]), dice.Of([0, 100, 500]), dice.Of([0, 500, 1_000]));
                For(3_000, "messages to and from the arbiter get lost", () => (judge.LostRequestsInThousand, judge.LostRepliesInThousand, judge.LostHintsInThousand) = (0, 0, 0));
                break;
            case ClusterFaultKind.ArbiterIsSlow:
                judge.DelayMax = dice.Scaled(10 * Millisecond, 3_000 * Millisecond);
                judge.HintDelayMax = dice.Scaled(10 * Millisecond, 3_000 * Millisecond);
                For(3_000, $"messages to the arbiter take up to {judge.DelayMax / Millisecond} ms", () => (judge.DelayMax, judge.HintDelayMax) = (3 * Millisecond, 5 * Millisecond));
                break;
            case ClusterFaultKind.Switchover when cluster.Active is { } active:
                loop.Event($"{active.Name} is asked to hand over");
                _ = active.Serving!.Replica!.HandOver(null);
                break;
            case ClusterFaultKind.RemovedMember when cluster.Active is { } active && cluster.Nodes.FirstOrDefault(node => node != active && node.Running is not null) is { } removed:
                takenOut.Add(removed.Running!.Node);
                active.Serving!.Replica!.Remove(removed.Running!.Node, forced: false);
                For(2_000, $"{active.Name} takes {removed.Name} out of the set", Admit);
                break;
            case ClusterFaultKind.EmptiedDisk when forced == 0 && cluster.IsWhole && dice.Chance(300):
                // With all in the set: so another one that holds everything stays, whatever change of the set is under way.
                dice.Of(cluster.Nodes).LoseDisk();
                break;
            case ClusterFaultKind.DamagedFile when forced == 0 && cluster.IsWhole && dice.Chance(600):
                // Likewise, and for the same reason.
                Damage(dice.Of(cluster.Nodes));
                break;
            case ClusterFaultKind.AllLosePower:
                foreach (var node in cluster.Nodes)
                {
                    node.LosePower();
                }

                break;
        }
    }

    /// <summary>An operator who sees one node alone makes it the active, whatever the others have acknowledged meanwhile; it asks until it is done, or the others are back.</summary>
    private void Force(SimulatedNode node)
    {
        var others = cluster.Nodes.Where(other => other != node).Select(other => other.Name).ToList();
        var isAlone = true;
        others.ForEach(other => Cut(node.Name, other, cut: true));
        For(rare, 4_000, $"{node.Name} is cut from the others, and is forced", () =>
        {
            isAlone = false;
            others.ForEach(other => Cut(node.Name, other, cut: false));
        });
        forced++;
        process.Begin(async () =>
        {
            var claimed = false;
            while (isAlone && !ended && !claimed)
            {
                await process.Delay(100 * Millisecond);
                if (node.Serving is { } serving && !SimulatedCluster.IsActive(node))
                {
                    _ = serving.Replica!.Force(CancellationToken.None);
                }

                claimed = cluster.Judge.Record is { Forced: true } record && record.Holder == node.Running?.Node;
            }
        });
    }

    private void Cut(string one, string other, bool cut)
    {
        foreach (var (from, to) in ((string, string)[])[(one, other), (other, one)])
        {
            if (cut)
            {
                cluster.Network.Cut(from, to);
            }
            else
            {
                cluster.Network.Mend(from, to);
            }
        }
    }

    private void Damage(SimulatedNode node)
    {
        if (node.GivenUp < BitFlip.MostOnOneDisk)
        {
            node.LosePower();
            process.Begin(() => new BitFlip(dice.Fork()).Strike(node, loop));
        }
    }

    /// <summary>A host that is cut off: from the others, from the arbiter and, half the time, from clients.</summary>
    private void Isolate(string machine)
    {
        var others = cluster.Nodes.Where(node => node.Name != machine).Select(node => node.Name).ToList();
        var clients = dice.Chance(500);
        Set(cut: true);
        For(4_000, $"{machine} is cut off{(clients ? "" : " from all but clients")}", () => Set(cut: false));

        void Set(bool cut)
        {
            others.ForEach(other => Cut(machine, other, cut));

            Arbiter(machine, cut);
            if (clients)
            {
                cluster.CutFromClients(machine, cut);
            }
        }

        void Arbiter(string from, bool cut)
        {
            if (cut)
            {
                cluster.Judge.Cut(from);
            }
            else
            {
                cluster.Judge.Mend(from);
            }
        }
    }

    private void For(long mostMs, string what, Action end) => For(dice, mostMs, what, end);

    private void For(Dice drawn, long mostMs, string what, Action end)
    {
        loop.Event(what);
        var ticks = drawn.Scaled(20 * Millisecond, mostMs * Millisecond);
        process.Begin(async () =>
        {
            await process.Delay(ticks);
            if (!ended)
            {
                loop.Event($"no longer: {what}");
                end();
            }
        });
    }
}
