using Elanus.Coordination;
using Elanus.Replication;
using Elanus.Server;

namespace Elanus.Simulation;

/// <summary>Several machines with a node each, one cluster. Clients dial them in turn until one is active, and bear a while without any.</summary>
public sealed class SimulatedCluster : ICallTarget
{
    public const string Role = "kites";

    private const long Millisecond = TimeSpan.TicksPerMillisecond;
    private const int StandbyReadsInThousand = 600;

    private readonly SimulationLoop loop;
    private readonly SimulatedProcess clients;
    private readonly Dice dice;
    private readonly Dice? reads;
    private readonly HashSet<string> cutFromClients = [];

    /// <param name="loop">The world.</param>
    /// <param name="clients">Who calls.</param>
    /// <param name="nodes">How many machines.</param>
    /// <param name="dice">What is drawn.</param>
    /// <param name="reads">Draws which reads go to a standby; null where standbys answer none.</param>
    /// <param name="options">What tests change.</param>
    public SimulatedCluster(SimulationLoop loop, SimulatedProcess clients, int nodes, Dice dice, Dice? reads, SimulationOptions options)
    {
        this.reads = reads;
        this.loop = loop;
        this.clients = clients;
        this.dice = dice;
        Network = new(loop, dice.Fork());
        Judge = new(loop, dice.Fork());
        var minInSync = nodes > 2 ? dice.Of([0, 0, 0, 1]) : 0;
        var settings = World.Node(dice);
        if (reads is not null)
        {
            settings = settings with { GracefulTime = TimeSpan.FromMilliseconds(reads.Of([50, 300, 5_000])) };
        }

        GracefulTime = settings.GracefulTime;

        // In two thirds of the worlds a node that is back from anywhere copies.
        var replica = new ReplicaOptions { MinInSync = minInSync, AwayKeptMs = settings.Log.SegmentBytes == 64 << 10 ? 2_000 : 0, Rules = options.Rules };
        Nodes = [.. Enumerable.Range(1, nodes).Select(number => Machine($"node{number}", settings, replica, options))];
    }

    public IReadOnlyList<SimulatedNode> Nodes { get; }

    /// <summary>The window of Bounded consistency.</summary>
    public TimeSpan GracefulTime { get; }

    public SimulatedNetwork Network { get; }

    public SimulatedJudge Judge { get; }

    /// <summary>The node that answers clients, as it believes itself; of several the one of the highest epoch.</summary>
    public SimulatedNode? Active => Nodes.Where(IsActive).MaxBy(node => node.Serving!.Epoch.Number);

    /// <summary>Whether the arbiter's record names every node as it is now, and no other.</summary>
    public bool IsWhole => !Judge.HasForgotten && Judge.Record is { } record && record.InSync.Length == Nodes.Count && Nodes.All(node => node.Running is { } running && record.Contains(running.Node));

    /// <summary>Whether it is whole, and the active serves under the record's epoch: then every node has promised to follow that epoch, and keeps the promise on its disk.</summary>
    public bool IsSettled => IsWhole && Active is { Serving: { } serving } && serving.Epoch == Judge.Record!.Epoch && serving.Replica!.State.InSync.Length == Nodes.Count;

    public static bool IsActive(SimulatedNode node) => node.Serving is { Active.IsCompletedSuccessfully: true } serving && !serving.Death.IsCompleted;

    /// <summary>Clients do not reach a machine, or do again.</summary>
    public void CutFromClients(string machine, bool cut)
    {
        if (cut)
        {
            cutFromClients.Add(machine);
        }
        else
        {
            cutFromClients.Remove(machine);
        }
    }

    public void MendAll()
    {
        cutFromClients.Clear();
        Network.MendAll();
        Judge.MendAll();
    }

    /// <inheritdoc/>
    public async Task<CallOutcome<T>> Call<T>(Func<StandaloneNode, CancellationToken, Task<Result<T>>> call, CancellationToken cancel)
    {
        var latest = loop.Now + dice.Scaled(10 * Millisecond, 1_000 * Millisecond);
        while (true)
        {
            // Whoever believes to be active is asked: it may be so no longer.
            var willing = Nodes.Where(node => IsActive(node) && !cutFromClients.Contains(node.Name)).ToList();
            if (willing.Count > 0)
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromTicks(dice.Scaled(100 * Millisecond, 3_000 * Millisecond)), clients.Clock);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
                var outcome = await dice.Of(willing).CallWithin(call, either.Token);
                if (outcome.End != CallEnd.NotSent)
                {
                    return outcome;
                }
            }

            if (loop.Now >= latest || cancel.IsCancellationRequested)
            {
                return CallOutcome<T>.NotSent;
            }

            await clients.Delay(dice.Scaled(5 * Millisecond, 40 * Millisecond));
        }
    }

    /// <inheritdoc/>
    public async Task<CallOutcome<T>> Read<T>(Func<StandaloneNode, CancellationToken, Task<Result<T>>> call, Func<LocalReads, CancellationToken, Task<bool>> mayAnswer, CancellationToken cancel)
    {
        if (reads?.Chance(StandbyReadsInThousand) == true
            && Nodes.Where(node => node.Serving is not null && !IsActive(node) && !cutFromClients.Contains(node.Name)).ToList() is { Count: > 0 } standbys)
        {
            var standby = reads.Of(standbys);
            using var patience = new CancellationTokenSource(TimeSpan.FromTicks(reads.Scaled(100 * Millisecond, 3_000 * Millisecond)), clients.Clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
            var outcome = await standby.ReadWithin(call, mayAnswer, either.Token);
            if (outcome.End != CallEnd.NotSent)
            {
                loop.Event($"{standby.Name} answers a read of its own state: {outcome.End}");
                return outcome;
            }
        }

        return await Call(call, cancel);
    }

    private SimulatedNode Machine(string name, NodeSettings settings, ReplicaOptions replica, SimulationOptions options)
    {
        var node = new SimulatedNode(loop, name, settings, dice.Fork(), options.AroundLog);
        node.Disk.Usually = options.Syncs;
        node.Membership = process => new(Role, "token", name, Judge.Attach(process, name), id => Network.Attach(process, name, id), replica);
        node.Ended = (process, knew) => Ended(name, process, knew, node.LostPower);
        return node;
    }

    private void Ended(string machine, SimulatedProcess process, ReplicaState? knew, bool power)
    {
        var epoch = knew is { IsActive: true } ? knew.Epoch : (Epoch?)null;
        Network.Closed(process, closes: !power, epoch);
        if (!power && epoch is { } over && dice.Chance(700))
        {
            Judge.Withdraw(Judge.Attach(clients, machine), Role, over);
        }
    }
}
