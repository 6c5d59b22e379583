namespace Elanus.Replication.Tests;

/// <summary>One seed: steps in any order, faults among them, then quiet; at the end one active must serve and the set be whole.</summary>
internal static class RandomRun
{
    /// <param name="impatient">Where not 0: so many changes of the record are kept open, and what is unknown is tried again soon.</param>
    /// <param name="truncates">Whether nodes let go of the front of their logs, so that some need a copy.</param>
    public static ModelWorld Of(
        ulong seed, int nodes, ProtocolRules? rules = null, int steps = 1500, bool faults = true, bool truncates = false, int impatient = 0, Action<string>? trace = null)
    {
        var random = new Random((int)seed);
        var bounds = new ReplicaOptions { LeaveAfterMs = 60 + (random.Next(3) * 120), MinInSync = nodes > 1 && random.Next(4) == 0 ? 1 : 0 };
        bounds = impatient == 0 ? bounds : bounds with { OpenChangesMax = impatient, RetryMs = 40 };
        var world = new ModelWorld(nodes, seed, rules, bounds) { Trace = trace, StopsAreViolations = true };
        foreach (var node in world.Nodes)
        {
            world.Start(node);
        }

        for (var i = 0; i < steps; i++)
        {
            Step(world, random, faults && i > 100);
            if (truncates)
            {
                Truncate(world, random);
            }
        }

        Settle(world, random);
        return world;
    }

    /// <summary>No more faults: everything arrives, in any order, until one active serves and every node is in its set.</summary>
    public static void Settle(ModelWorld world, Random random)
    {
        world.ArbiterIsAway = false;
        foreach (var node in world.Nodes)
        {
            node.IsPaused = false;
            node.IsFull = false;
        }

        Remember(world);
        foreach (var node in world.Nodes.Where(node => node.IsToBeEmptied))
        {
            ModelWorld.Wipe(node, keepsId: false);
        }

        foreach (var node in world.Nodes.Where(_ => world.Removals > 0))
        {
            // Who was taken out by an operator comes back under another active.
            ModelWorld.Kill(node);
        }

        var forcedAt = world.Now + 8_000;
        var deadline = world.Now + 20_000;
        while (world.Now < deadline)
        {
            if (world.Active is { } active && world.Arbiter.Stored!.Record.InSync.Length == world.Nodes.Count(node => !node.HasStopped) && active.Applied == (ulong)active.Log.Count)
            {
                return;
            }

            for (var i = 0; i < 60; i++)
            {
                Step(world, random, faults: false);
            }

            foreach (var node in world.Nodes)
            {
                world.Copy(node);
            }

            foreach (var node in world.Nodes.Where(node => node.Core is null && !node.HasStopped))
            {
                world.Start(node);
            }

            if (world.Now > forcedAt && world.Active is null && !world.Nodes.Any(node => world.Arbiter.Stored!.Record.Contains(node.Id)))
            {
                // Every member's disk was emptied: an operator takes what is left.
                world.Handle(world.Nodes.MaxBy(node => node.Log.Count)!, new ForceRequested());
            }
        }

        throw new ViolationException(
            $"liveness: after 20 s without faults the active is {world.Active?.Index.ToString() ?? "nobody"}, the record {world.Arbiter.Stored?.Record.Epoch} has {world.Arbiter.Stored?.Record.InSync.Length} members; "
            + string.Join("; ", world.Nodes.Select(node => $"node {node.Index}: {(node.HasStopped ? "stopped" : node.Core is null ? "down" : "up")}, log {node.Log.Count}, {node.Sentence}")));
    }

    private static void Step(ModelWorld world, Random random, bool faults)
    {
        var node = world.Nodes[random.Next(world.Nodes.Count)];
        switch (random.Next(faults ? 112 : 80))
        {
            case < 25:
                if (world.Network.Count > 0)
                {
                    // Mostly in order.
                    var at = random.Next(3) == 0 ? random.Next(world.Network.Count) : 0;
                    world.Deliver(at, keep: faults && random.Next(20) == 0);
                }

                break;
            case < 45:
                if (!node.IsPaused)
                {
                    node.Operate(() => random.Next(2) == 0);
                }

                break;
            case < 58:
                if (world.Requests.Count > 0)
                {
                    var at = random.Next(Math.Min(world.Requests.Count, 4));
                    var request = world.Requests[at];
                    world.Requests.RemoveAt(at);
                    request.Do();
                }

                break;
            case < 66:
                world.Write(node);
                break;
            case < 68:
                world.Read(node);
                break;
            case < 72:
                if (!node.IsPaused)
                {
                    world.Feed(node);
                }

                break;
            case < 80:
                world.Pass(random.Next(1, 12));
                foreach (var ticking in world.Nodes.Where(each => !each.IsPaused))
                {
                    world.Tick(ticking);
                }

                break;
            case < 83:
                if (random.Next(2) == 0)
                {
                    ModelWorld.Kill(node);
                }
                else
                {
                    ModelWorld.Crash(node, random.Next(4));
                }

                break;
            case < 90:
                if (node.Core is null && !node.HasStopped)
                {
                    world.Start(node);
                }

                break;
            case < 92:
                node.IsPaused = !node.IsPaused && random.Next(2) == 0;
                break;
            case < 95:
                if (world.Network.Count > 0)
                {
                    world.Network.RemoveAt(random.Next(world.Network.Count));
                }

                break;
            case < 96:
                world.ArbiterIsAway = !world.ArbiterIsAway && random.Next(3) == 0;
                break;
            case < 97:
                if (world.Requests.Count > 0)
                {
                    var at = random.Next(world.Requests.Count);
                    var request = world.Requests[at];
                    world.Requests.RemoveAt(at);
                    (random.Next(2) == 0 ? request.Lose : request.Delay)();
                }

                break;
            case < 98:
                world.Pass(random.Next(1000));
                break;
            case < 102:
                if (node.Core is not null)
                {
                    node.Checkpoint = Math.Max(node.Checkpoint, Math.Min(node.Applied, (ulong)node.Durable));
                }

                break;
            case < 104:
                world.Handle(node, new HandOverRequested(null));
                break;
            case < 105:
                if (random.Next(3) == 0)
                {
                    world.Handle(node, new ForceRequested());
                }

                break;
            case < 106:
                if (random.Next(8) == 0)
                {
                    Wipe(world, node);
                }

                break;
            case < 107:
                if (random.Next(8) == 0)
                {
                    world.Removals++;
                    world.Handle(node, new RemovalRequested(world.Nodes[random.Next(world.Nodes.Count)].Id));
                }

                break;
            case < 108:
                node.IsFull = !node.IsFull && random.Next(2) == 0;
                break;
            case < 109:
                if (world.Forgotten is not null)
                {
                    Remember(world);
                }
                else if (random.Next(6) == 0)
                {
                    Forget(world, random);
                }

                break;
            default:
                foreach (var other in world.Nodes)
                {
                    world.Handle(other, new PeerLost(node.Id));
                }

                break;
        }
    }

    /// <summary>Now and then a node takes a checkpoint and lets go of log, and who wants a copy gets one.</summary>
    private static void Truncate(ModelWorld world, Random random)
    {
        var node = world.Nodes[random.Next(world.Nodes.Count)];
        switch (random.Next(40))
        {
            case 0:
                if (node.Core is not null)
                {
                    node.Checkpoint = Math.Max(node.Checkpoint, Math.Min(node.Applied, (ulong)node.Durable));
                    world.Truncate(node, node.Checkpoint + 1 - (ulong)random.Next((int)Math.Min(node.Checkpoint, 4) + 1));
                }

                break;
            case < 2:
                if (node.IsToBeEmptied)
                {
                    Wipe(world, node);
                }

                break;
            case < 6:
                if (!node.IsPaused)
                {
                    world.Copy(node);
                }

                break;
        }
    }

    /// <summary>Empties a disk, where what it holds is held by another member that lives.</summary>
    private static void Wipe(ModelWorld world, ModelNode node)
    {
        if (world.Forgotten is null && world.Arbiter.Stored is { } stored && world.Nodes.Any(other => other != node && stored.Record.Contains(other.Id)))
        {
            ModelWorld.Wipe(node, keepsId: false);
        }
    }

    /// <summary>The arbiter loses its memory, when every node knows the epoch that stands: what no node knows nobody can defend.</summary>
    private static void Forget(ModelWorld world, Random random)
    {
        var arbiter = world.Arbiter;
        if (arbiter.Stored is { } stored && world.Nodes.All(node => node.Promise.Epoch == stored.Record.Epoch))
        {
            var older = arbiter.Past.Where(past => past.Record.Epoch.Number < stored.Record.Epoch.Number).ToList();
            world.Forgotten = stored;
            arbiter.Restore(older.Count == 0 || random.Next(3) == 0 ? null : older[random.Next(older.Count)]);
        }
    }

    /// <summary>An operator puts right what the arbiter has lost.</summary>
    private static void Remember(ModelWorld world)
    {
        if (world.Forgotten is { } lost)
        {
            // Where a claim from before the loss has taken effect on what was left, the record has moved on by itself.
            if (world.Arbiter.Stored is not { } now || now.Record.Epoch.Number <= lost.Record.Epoch.Number)
            {
                world.Arbiter.Restore(lost);
            }

            world.Forgotten = null;
        }
    }
}
