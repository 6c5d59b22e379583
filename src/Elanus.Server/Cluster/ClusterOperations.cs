using Elanus.Coordination;
using Elanus.Primitives;
using Elanus.Replication;
using Elanus.Server.Operations.Protocol;

namespace Elanus.Server;

/// <summary>An operator's wishes, done by the replica, and what became of them, as the replica answers or as it shows within a few seconds.</summary>
/// <param name="node">The member.</param>
/// <param name="replica">Its part in the cluster.</param>
/// <param name="holdCalls">Lets new calls wait; completes when those in progress have ended.</param>
/// <param name="answerCalls">Answers calls here again.</param>
/// <param name="ask">How whoever answers at an address is; null where nobody does.</param>
/// <param name="tellForced">Takes what the nodes that are reached hold when one is forced to become active.</param>
/// <param name="time">The clock.</param>
internal sealed class ClusterOperations(
    StandaloneNode node,
    ReplicatedLog replica,
    Func<Task> holdCalls,
    Action answerCalls,
    Func<string, CancellationToken, Task<NodeStatus?>> ask,
    Action<string> tellForced,
    TimeProvider time) : IClusterOperations
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(5);

    private readonly Lock gate = new();

    /// <summary>Members that were asked to leave, and not to come back: the set may hold them for a moment yet.</summary>
    private readonly HashSet<NodeId> leaving = [];

    private bool isHandingOver;

    public async Task<OperationOutcome> Switchover(NodeId? to, CancellationToken cancel)
    {
        if (NotActive() is { } elsewhere)
        {
            return elsewhere;
        }

        // A second one would answer the calls that the first one holds, and hear what the first one is told.
        lock (gate)
        {
            if (isHandingOver)
            {
                return new() { Sentence = "a switchover is under way here already; `elanus status` shows what came of it" };
            }

            isHandingOver = true;
        }

        try
        {
            return await HandOver(to);
        }
        finally
        {
            lock (gate)
            {
                isHandingOver = false;
            }
        }
    }

    public async Task<OperationOutcome> Promote(CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            if (!replica.State.IsActive && replica.State.InSync.All(member => member.Node != node.Node))
            {
                if (!(await replica.ActiveElsewhere(either.Token)).TryGet(out var heard, out var away))
                {
                    return new() { Sentence = $"{away.Sentence}: nobody can be forced to become active without it" };
                }

                if (heard is not null)
                {
                    return new()
                    {
                        Sentence = $"node {heard.Node} is active under {heard.Epoch} and tells the arbiter that it lives; this node is not in the in-sync set and would drop what was acknowledged there. Stop that node first, or keep it from the arbiter, if it must not go on",
                    };
                }
            }

            var holdings = await Holdings(cancel);
            tellForced(holdings);
            patience.CancelAfter(Patience);
            if (await replica.Force(either.Token) is { } why)
            {
                return new() { Sentence = why };
            }

            await node.Active.WaitAsync(either.Token);
            return new() { Done = true, Sentence = $"this node is active under {replica.State.Epoch}; before that {holdings}" };
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new() { Sentence = $"it did not become active within {Patience.TotalSeconds:0} s{(replica.State.Sentences.IsEmpty ? "" : $"; last said: {replica.State.Sentences[0]}")}" };
        }
    }

    public async Task<OperationOutcome> Remove(NodeId gone, bool force, CancellationToken cancel)
    {
        if (NotActive() is { } elsewhere)
        {
            return elsewhere;
        }

        if (gone == node.Node)
        {
            return new() { Sentence = $"node {gone} is the active: `elanus switchover` first, then take it out" };
        }

        if (Unknown(gone) is { } unknown)
        {
            return unknown;
        }

        lock (gate)
        {
            var now = replica.State.InSync;
            var others = now.Where(member => member.Node != gone && leaving.Contains(member.Node)).Select(member => member.Node).ToList();
            var left = now.Count(member => member.Node != gone) - others.Count;
            if (!force && now.Any(member => member.Node == gone) && left <= replica.MinInSync)
            {
                var counted = others.Count == 0 ? "" : $" (node {string.Join(", ", others)} was asked to leave before, which `elanus member add` takes back)";
                return new() { Sentence = $"node {gone} stays: without it {left} members are left{counted}, and a write needs {replica.MinInSync + 1} (cluster.minInSync); --force takes it out, and only reads are served until another one has joined" };
            }

            leaving.Add(gone);
            replica.Remove(gone, force);
        }

        return await Until(() => replica.State.InSync.All(member => member.Node != gone), cancel)
            ? new() { Done = true, Sentence = $"node {gone} is not in the in-sync set, until `elanus member add {gone}` or the next change of the active" }
            : new() { Sentence = $"node {gone} is still in the in-sync set after {Patience.TotalSeconds:0} s; it leaves as soon as enough others are in it, unless `elanus member add {gone}` takes that back" };
    }

    public async Task<OperationOutcome> Add(NodeId wanted, CancellationToken cancel)
    {
        if (NotActive() is { } elsewhere)
        {
            return elsewhere;
        }

        if (Unknown(wanted) is { } unknown)
        {
            return unknown;
        }

        lock (gate)
        {
            leaving.Remove(wanted);
            replica.Admit(wanted);
        }

        if (await Until(() => replica.State.InSync.Any(member => member.Node == wanted), cancel))
        {
            return new() { Done = true, Sentence = $"node {wanted} is in the in-sync set" };
        }

        var standing = replica.Peers.FirstOrDefault(peer => peer.Member.Node == wanted);
        return new()
        {
            Sentence = standing is { IsHeard: true }
                ? $"node {wanted} is let in, and still {node.Committed.Number - Math.Min(node.Committed.Number, standing.Held)} records behind; it joins by itself when it has them"
                : $"node {wanted} is let in, but does not answer; it joins by itself when it runs",
        };
    }

    /// <summary>What this node and the others that it knows of hold, for whoever looks for what a forced promotion drops.</summary>
    private async Task<string> Holdings(CancellationToken cancel)
    {
        var state = replica.State;
        Member[] others = [.. state.InSync.Concat(state.Active is { } active ? [active] : []).DistinctBy(member => member.Node).Where(member => member.Node != node.Node)];
        var answers = await Task.WhenAll(others.Select(member => ask(member.Address, cancel)));
        var told = others.Zip(answers, (member, status) => status is null || status.Node != member.Node.ToString()
            ? $"node {member.Node} at {member.Address} was not reached"
            : $"node {member.Node} at {member.Address} held {Records(status.Durable, status.Committed)}, under epoch {status.Epoch}");
        return string.Join("; ", told.Prepend($"this node held {Records(replica.LastDurable.Number, node.Committed.Number)}, under epoch {state.Epoch.Number}"));

        // An older node does not say what is durable.
        static string Records(ulong durable, ulong committed) => durable < committed ? $"{committed} committed records" : $"{durable} records, {committed} of them committed as it knew";
    }

    private async Task<OperationOutcome> HandOver(NodeId? to)
    {
        // New calls wait here, and are passed on to the next active; those in progress end first.
        replica.HandOverSteps.Begin("asked");
        await holdCalls();
        replica.HandOverSteps.Mark("calls drained");
        if (await replica.HandOver(to) is { } why)
        {
            answerCalls();
            return new() { Sentence = why };
        }

        return await node.Death is EpochOverException { IsOvertaken: true }
            ? new() { Done = true, Sentence = "another member has claimed; this node returns as a standby" }
            : new() { Sentence = $"this node ended before another member had claimed: {(await node.Death).Message}" };
    }

    private OperationOutcome? NotActive() =>
        replica.State.IsActive ? null : new() { Sentence = $"this node is not active; ask {replica.State.Active?.Address ?? "the active, once there is one"}" };

    private OperationOutcome? Unknown(NodeId named)
    {
        Member[] known = [.. replica.Peers.Select(peer => peer.Member), .. replica.State.InSync];
        return known.Any(member => member.Node == named)
            ? null
            : new() { Sentence = $"node {named} is not known here; known are {string.Join(", ", known.DistinctBy(member => member.Node).Select(member => $"{member.Node} ({member.Address})"))}. A node becomes known by being started with this cluster's name and arbiter" };
    }

    private async Task<bool> Until(Func<bool> condition, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        while (!condition())
        {
            if (time.GetElapsedTime(started) > Patience)
            {
                return false;
            }

            await Task.Delay(LookAgain, time, cancel);
        }

        return true;
    }
}
