using System.Runtime.CompilerServices;
using Elanus.Engine;
using Elanus.Expressions;
using Elanus.Log;
using Elanus.Replication;
using Elanus.Roles;
using Elanus.Server;

namespace Elanus.Simulation;

/// <summary>
/// Reads a node's committed records back and holds the node's state against what they mean: against the model, row by row, and against a second
/// engine that applied the same records one by one. What one process committed, the next must still have.
/// </summary>
public sealed class NodeChecker(History history, Func<(int Emptied, int GivenUp)> losses)
{
    /// <summary>The histories that the process is of, each from behind a position on.</summary>
    private readonly List<(ulong Behind, Branch Branch)> path = [(0, history.Branches.First)];
    private ReplicatedLog? found;
    private readonly List<TaskCompletionSource> waiting = [];
    private StandaloneNode? following;
    private (NodeId Node, (int Emptied, int GivenUp) Losses)? identity;

    /// <summary>Whether the node has a log of its own, so that it knows itself what is committed.</summary>
    public bool IsAlone { get; init; } = true;

    /// <summary>The history that the node is of, as its last process knew.</summary>
    public Branch Branch => path[^1].Branch;

    /// <summary>As which node its last process served.</summary>
    public NodeId? Node => identity?.Node;

    /// <summary>States that were compared.</summary>
    public int Compared { get; private set; }

    /// <summary>Reads the node's log for as long as it lives; within its process, from when it serves.</summary>
    public async Task Follow(StandaloneNode node)
    {
        following = node;
        try
        {
            Recognize(node);
            while (true)
            {
                await ReadOn(node);
            }
        }
        catch (Exception end) when (end is LogDeadException or ObjectDisposedException)
        {
            // The process ends.
        }
    }

    /// <summary>A process has read its log. From then on it is followed from one history to the next: what it holds to be committed when it begins to follow another one is of the one before.</summary>
    public void Finds(ReplicatedLog log)
    {
        if (found == log)
        {
            return;
        }

        found = log;
        path.Clear();
        path.Add((0, history.Branches.Of(log.Files.Chain.Last)));
        log.Changed += state =>
        {
            if (found == log && history.Branches.Of(state.Matched) is var next && next.From > Branch.From)
            {
                path.Add((log.Committed.Number, next));
            }
        };
    }

    /// <summary>Checks the node about every second, and whenever it has started; for as long as the run lasts.</summary>
    public async Task Watch(SimulatedNode node, SimulatedProcess clock)
    {
        StandaloneNode? seen = null;
        while (true)
        {
            await clock.Delay(seen is null ? TimeSpan.TicksPerSecond / 20 : TimeSpan.TicksPerSecond);
            seen = node.Serving;
            if (seen is not null)
            {
                await node.Call<Unit>(Check, CancellationToken.None);
            }
        }
    }

    /// <summary>Reads until the log is truncated behind the reader's back.</summary>
    private async Task ReadOn(StandaloneNode node)
    {
        Held(path[0].Branch.FillFromParent(node.Log.Front.Number - 1));
        Require(path[0].Branch.Evidence.Position + 1 >= node.Log.Front.Number, $"the log was cut to {node.Log.Front} before the checker had read more than {path[0].Branch.Evidence.Position}");
        var on = path[0].Branch;
        if (!node.Log.Read(node.Log.Front).TryGet(out var reader, out _))
        {
            return;
        }

        await using (reader)
        {
            while ((await reader.NextAsync(CancellationToken.None)).TryGet(out var records, out _))
            {
                foreach (var record in records)
                {
                    if (At(record.Position.Number) is var branch && branch != on)
                    {
                        Held(branch.Fill(on, record.Position.Number - 1));
                        on = branch;
                    }

                    Held(branch.Evidence.Take(record));
                }

                Advanced();
            }
        }
    }

    /// <summary>Runs within the node's process; whatever is wrong is thrown.</summary>
    public async Task<Result<Unit>> Check(StandaloneNode node, CancellationToken cancel)
    {
        while (following != node || At(node.Roles.Applied.Number).Evidence.Position < node.Roles.Applied.Number)
        {
            var more = new TaskCompletionSource();
            waiting.Add(more);
            await more.Task;
        }

        Compare(node);
        history.Judge(last: false);
        return Result.Ok;
    }

    /// <summary>Of a node that has closed in good order: its newest checkpoint holds every record that changed anything.</summary>
    public async Task CheckClosed(StandaloneNode node, IFileSystem files)
    {
        var evidence = Branch.Evidence;
        var last = Math.Min(node.Roles.Applied.Number, evidence.Position);
        while (last > 0 && new RecordKind(evidence.At(last).Kind).IsOfTheLog)
        {
            last--;
        }

        var checkpoints = (await files.ListAsync("/data/checkpoints", CancellationToken.None) ?? [])
            .Select(file => CheckpointName.TryParse(file.Name, node.Log.Channel, out var name) ? name.Position.Number : 0);
        var newest = checkpoints.DefaultIfEmpty().Max();
        Require(newest >= last, $"the node has closed in good order, and its newest checkpoint is at {newest}: record {last} changed something and is not in it");
    }

    private Branch At(ulong position) => path.FindLast(step => step.Behind < Math.Max(position, 1)).Branch;

    private static void Held(string? wrong)
    {
        if (wrong is not null)
        {
            throw new SimulationFaultException(wrong);
        }
    }

    private void Recognize(StandaloneNode node)
    {
        Require(
            identity is not { } was || (was.Node == node.Node) == (was.Losses == losses()),
            $"the node was {identity?.Node} and is {node.Node} after a restart; disks lost and damaged members given up: {losses()}");
        identity = (node.Node, losses());
        // A member of a cluster learns from its active what is committed.
        Require(!IsAlone || node.Log.Committed.Number >= Branch.Evidence.Position, $"{Branch.Evidence.Position} was committed, and after a restart {node.Log.Committed} is the end");
    }

    private void Advanced()
    {
        var all = waiting.ToList();
        waiting.Clear();
        all.ForEach(waiter => waiter.SetResult());
    }

    /// <summary>One step: nothing is applied meanwhile.</summary>
    private void Compare(StandaloneNode node)
    {
        var applied = node.Roles.Applied.Number;
        Require(applied <= node.Log.Committed.Number, $"{applied} is applied, {node.Log.Committed} committed");
        Compared++;
        var branch = At(applied);
        var expected = branch.Evidence.Model.At(applied).ToList();
        var found = node.Roles.State.Collections.ToDictionary(data => data.Id);
        Require(expected.Count == found.Count && expected.TrueForAll(e => found.ContainsKey(e.Id)), $"at {applied} the node has collections [{string.Join(' ', found.Keys)}], the model [{string.Join(' ', expected.Select(e => e.Id))}]");
        foreach (var model in expected)
        {
            Compare(model, found[model.Id], applied);
        }

        if (branch.Replayed.HashAt(applied) is { } hash)
        {
            Require(node.Roles.Hash() == hash, $"at {applied} the node's state hash is not that of the records applied one by one");
        }
    }

    private static void Compare(ModelCollection model, CollectionData data, ulong applied)
    {
        Require(
            data.Partitions.ToHashSet().SetEquals(model.Partitions(applied)),
            $"at {applied} collection {model.Id} has partitions [{string.Join(' ', data.Partitions)}], the model [{string.Join(' ', model.Partitions(applied))}]");
        foreach (var partition in data.Partitions)
        {
            Compare(model, data, applied, [partition]);
        }

        Compare(model, data, applied, []);
    }

    private static void Compare(ModelCollection model, CollectionData data, ulong applied, IReadOnlyList<PartitionId> partitions)
    {
        var where = $"at {applied} collection {model.Id}{(partitions.Count > 0 ? $", partition {partitions[0]}," : "")}";
        using var view = data.OpenView(partitions.Count > 0 ? partitions : null).Value;
        var live = model.Count(applied, partitions);
        Require(view.LiveRows == live, $"{where} counts {view.LiveRows} rows, the model {live}");
        var query = view.Query(new() { Filter = ExpressionCompiler.Compile("", view.Schema).Value, Output = [World.TagField] }, CancellationToken.None);
        Invariant.Holds(query.IsCompletedSuccessfully, "a query of a small state did not end at once");
        var rows = query.Result.Value;
        var expected = model.Visible(applied, partitions);
        Require(
            rows.Keys.As<long>().SequenceEqual(expected.Select(row => row.Key).ToArray())
            && rows.Fields.Columns[0].Values.As<long>().SequenceEqual(expected.Select(row => row.Tag).ToArray()),
            $"{where} shows [{string.Join(' ', rows.Keys.As<long>().ToArray().Zip(rows.Fields.Columns[0].Values.As<long>().ToArray()))}], the model [{string.Join(' ', expected.Select(r => (r.Key, r.Tag)))}]");
    }

    private static void Require(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] UnlessHolds what)
    {
        if (!holds)
        {
            throw new SimulationFaultException(what.Text());
        }
    }
}
