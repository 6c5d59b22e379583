using System.Text;
using System.Text.Json;
using Elanus.Coordination;
using Elanus.Log.Tests;
using Elanus.Primitives;
using Elanus.Replication;
using Elanus.Roles;

namespace Elanus.Server.Tests;

/// <summary>A node joins whose active has let go of the log's beginning: it copies, follows, and takes over without having lost a row.</summary>
public sealed class CopyTests
{
    private const string Books = "books";
    private const int BatchRows = 200;

    private readonly PeerHub hub = new();
    private readonly InProcessStore arbiter = new(TimeProvider.System);
    private long written;

    [Fact]
    public async Task An_empty_node_copies_under_load_follows_and_takes_over()
    {
        await using var first = await Active();
        await using var second = new ClusterNode("second", hub, arbiter);
        using var enough = new CancellationTokenSource();
        var load = Load(first, enough.Token);
        await second.Start();
        await second.StartsAgain();
        Assert.True(second.Node.Log.Front.Number > 1, "the copy's log begins at 1: nothing was truncated");
        await InSync(first, 2);
        enough.Cancel();
        await load;
        await TakesOver(first, second);
    }

    [Fact]
    public async Task A_node_that_is_stopped_in_the_middle_goes_on_with_what_it_has()
    {
        await using var first = await Active();
        await using var second = new ClusterNode("second", hub, arbiter);
        await IsHalfway(second);
        await second.Stop();
        Assert.NotEmpty(await Names(second.Files, "copy/checkpoints"));
        hub.Loses = (_, _) => false;
        await second.Start();
        await second.StartsAgain();
        await InSync(first, 2);
        Assert.Null(await second.Files.ListAsync("/second/copy", default));
        await TakesOver(first, second);
    }

    [Fact]
    public async Task What_a_node_was_away_for_is_copied_and_its_own_files_are_not_fetched_again()
    {
        await using var first = await Active();
        await using var second = new ClusterNode("second", hub, arbiter);
        await second.Start();
        await second.StartsAgain();
        await InSync(first, 2);
        var had = await Names(second.Files, "segments");
        await second.Stop();

        // A member that is gone is taken out once a write waits for it.
        await Write(first);
        await InSync(first, 1);
        var end = second.Node.Committed.Number;
        await Truncated(first, end + 1);
        hub.Pulled.Clear();
        await second.Start();
        await second.IsFetched();
        var files = await Names(second.Files, "copy/segments");

        // On a slow machine merges have replaced all that it had, and nothing is spared; else some is. The promise lies beside the log's files, and was not fetched.
        var others = (await Names(second.Files, "copy/log")).Count - 1 + (await Names(second.Files, "copy/checkpoints")).Count;
        Assert.Equal(others + files.Count(name => !had.Contains(name)), hub.Pulled.Count);
        await second.Start();
        await InSync(first, 2);
        await TakesOver(first, second);
    }

    [Fact]
    public async Task The_log_is_kept_for_a_node_that_was_there_a_moment_ago_and_it_goes_on_from_there()
    {
        await using var first = await Active(awayKeptMs: 600_000);
        await using var second = new ClusterNode("second", hub, arbiter);
        await second.Start();
        await second.StartsAgain();
        await InSync(first, 2);
        await Truncated(first, first.Node.Log.Front.Number);
        await second.Stop();
        await Write(first);
        await InSync(first, 1);
        var end = second.Node.Log.Committed.Number;
        await Checkpointed(first, end + 1);
        hub.Pulled.Clear();
        await second.Start();
        await InSync(first, 2);
        Assert.Empty(hub.Pulled);
        Assert.InRange(first.Node.Log.Front.Number, 2ul, Checkpoints(first).Min());
        await TakesOver(first, second);
    }

    [Fact]
    public async Task What_is_kept_for_a_node_that_is_away_goes_when_the_disk_needs_the_room_though_nothing_is_written()
    {
        await using var first = await Active(awayKeptMs: 600_000);
        await using var second = new ClusterNode("second", hub, arbiter);
        await second.Start();
        await second.StartsAgain();
        await InSync(first, 2);
        await second.Stop();
        await Write(first);
        await InSync(first, 1);
        var end = second.Node.Log.Committed.Number;
        await Checkpointed(first, end + 1);
        Assert.InRange(first.Node.Log.Front.Number, 2ul, Checkpoints(first).Min());
        first.Files.Faults.CapacityBytes = first.Files.UsedBytes + 100_000;
        var kept = first.Node.Log.Front;
        await ClusterNode.Until(() => first.Node.Log.Front > kept, () => "the log is kept though the disk is nearly full");
    }

    [Theory]
    [InlineData(1, long.MaxValue / 2)]
    [InlineData(600_000, 40_000L)]
    public async Task The_log_is_kept_for_a_node_that_is_away_within_bounds(int keptMs, long keptBytesMax)
    {
        await using var first = await Active(awayKeptMs: keptMs, awayKeptBytesMax: keptBytesMax);
        await using var second = new ClusterNode("second", hub, arbiter);
        await second.Start();
        await second.StartsAgain();
        await InSync(first, 2);
        await second.Stop();
        await Write(first);
        await InSync(first, 1);
        await Truncated(first, second.Node.Committed.Number + 1);
    }

    [Fact]
    public async Task What_an_active_had_that_an_operator_forced_out_is_kept_whole_where_its_log_had_let_go_of_it()
    {
        await using var first = await Active();
        await using var second = new ClusterNode("second", hub, arbiter);
        await second.Start();
        await second.StartsAgain();
        await InSync(first, 2);
        await second.Stop();
        await Write(first);
        await InSync(first, 1);
        await Truncated(first, second.Node.Committed.Number + 1);
        var acknowledged = Volatile.Read(ref written);
        await first.Stop();
        await second.Start();
        await Forced(second);
        await first.Start();
        await first.StartsAgain();
        await InSync(second, 2);
        await first.Stop();

        var (report, _) = await Salvaged(first, "/active");
        Assert.True(Assert.Single(report.Tails).Rows > 0, "the tail holds no rows");
        var (_, rows) = await Salvaged(first, Assert.Single(report.KeptDirectories));
        Assert.Equal(Enumerable.Range(0, (int)acknowledged).Select(row => (long)row), rows.Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_checkpoint_of_records_that_a_forced_epoch_took_back_is_not_taken_for_a_disk_that_lost_them(bool theOtherLives)
    {
        await using var first = new ClusterNode("active", hub, arbiter) { LogSegmentBytes = 4 << 20 };
        await first.Start();
        await ClusterNode.Until(() => first.Node.Active.IsCompletedSuccessfully, () => "no active");
        Assert.True((await first.Proxy.Collections.Create(NodeWorld.Database, NodeWorld.Draft(Books), default)).Succeeded);
        await using var second = new ClusterNode("second", hub, arbiter) { LogSegmentBytes = 4 << 20 };
        await second.Start();
        await InSync(first, 2);
        await second.Stop();
        await Write(first);
        await InSync(first, 1);
        await Checkpointed(first, second.Node.Committed.Number + 1);
        Assert.Equal(1ul, first.Node.Log.Front.Number);
        await first.Stop();
        var (was, acknowledged) = (first.Node.Node, Volatile.Read(ref written));
        await second.Start();
        await Forced(second);
        await first.Start();
        Assert.Contains("an operator forced the active", (await first.Node.Death).Message, StringComparison.Ordinal);
        await first.Stop();
        if (theOtherLives)
        {
            await first.Start();
            await InSync(second, 2);
        }
        else
        {
            await second.Stop();
            await first.Start();
            await ClusterNode.Until(() => first.Node.Replica!.State.Epoch.Number == 2, () => "it does not follow");
        }

        Assert.Equal(was, first.Node.Node);
        await first.Stop();
        Assert.Equal(acknowledged, Assert.Single((await Salvaged(first, "/active")).Report.Tails).Rows);
    }

    [Fact]
    public async Task What_a_forced_epoch_takes_back_is_kept_whole_though_the_log_lets_go_of_it_while_the_copy_is_fetched()
    {
        var judge = new AwayArbiter(new(arbiter));
        await using var first = await Active();
        await using var second = new ClusterNode("second", hub, arbiter);
        await second.Start();
        await second.StartsAgain();
        await InSync(first, 2);
        await using var third = new ClusterNode("third", hub, arbiter) { Judge = judge, CheckpointBytes = 1 << 30 };
        await third.Start();
        await third.StartsAgain();
        await InSync(first, 3);
        await Shown();
        await Shown();
        await ClusterNode.Until(() => second.Node.Committed.Number >= Checkpoints(third).Max(), () => "the second lags");
        await second.Stop();
        await Write(first);
        await InSync(first, 2);

        // More than a file of the log, so that the next checkpoint but one lets go of what the second lacks.
        for (var i = 0; i < 8; i++)
        {
            await Write(first);
        }

        await Shown();
        await Write(first);
        await ClusterNode.Until(() => third.Node.Roles.Applied.Number >= first.Node.Log.Committed.Number, () => "the third lags");
        var held = second.Node.Log.Committed.Number;
        Assert.True(third.Node.Log.Front.Number <= held, "the third has let go of what the second lacks: its copy would be kept whole anyway");

        // The third stays, and learns of the force only when the second is active.
        judge.IsAway = true;
        hub.Loses = (_, _) => true;
        var acknowledged = Volatile.Read(ref written);
        await first.Stop();
        await second.Start();
        await Forced(second);
        var pulls = 0;
        hub.Loses = (_, kind) => kind == "CopyPiece" && Interlocked.Increment(ref pulls) > 0;
        judge.IsAway = false;
        await ClusterNode.Until(() => Volatile.Read(ref pulls) > 0, () => $"it copies nothing: {string.Join("; ", third.State.Sentences)}");
        Assert.True((await third.Node.Roles.Checkpoints.Take(default)).Succeeded);
        Assert.True(third.Node.Log.Front.Number > held + 1, "the third has not let go of what the second lacks");
        hub.Loses = (_, _) => false;
        await third.StartsAgain();
        await third.Stop();
        var (_, rows) = await Salvaged(third, Assert.Single((await Salvaged(third, "/third")).Report.KeptDirectories));
        Assert.Equal(Enumerable.Range(0, (int)acknowledged).Select(row => (long)row), rows.Order());

        async Task Shown()
        {
            await Write(first);
            await ClusterNode.Until(() => third.Node.Roles.Applied.Number >= first.Node.Log.Committed.Number, () => "the third lags");
            Assert.True((await third.Node.Roles.Checkpoints.Take(default)).Succeeded);
        }
    }

    [Fact]
    public async Task The_active_dies_in_the_middle_and_the_next_one_is_copied_from()
    {
        await using var first = await Active();
        await using var second = new ClusterNode("second", hub, arbiter);
        await second.Start();
        await second.StartsAgain();
        await InSync(first, 2);
        await using var third = new ClusterNode("third", hub, arbiter);
        await IsHalfway(third);
        await first.Stop();
        hub.Loses = (_, _) => false;
        await ClusterNode.Until(() => second.Node.Active.IsCompletedSuccessfully, () => "the second node does not take over");
        await third.StartsAgain();
        await InSync(second, 2);
        await first.Start();
        await TakesOver(second, third);
    }

    [Fact]
    public async Task What_is_copied_stays_until_the_node_that_copies_has_been_silent_for_long()
    {
        await using var first = await Active(copyPatienceMs: 5000);
        await using var second = new ClusterNode("second", hub, arbiter);
        await IsHalfway(second);
        var taken = 0;
        first.Node.Roles.Checkpoints.Taken += (_, _) => Interlocked.Increment(ref taken);
        using var enough = new CancellationTokenSource();
        var load = Load(first, enough.Token);

        // The front moves up to the checkpoint that is copied; each of the later ones would move it further.
        await ClusterNode.Until(() => Volatile.Read(ref taken) >= 3, () => $"{taken} checkpoints were taken");
        var front = first.Node.Log.Front;
        await ClusterNode.Until(() => Volatile.Read(ref taken) >= 6, () => $"{taken} checkpoints were taken");
        Assert.Equal(front, first.Node.Log.Front);
        await second.Stop();
        await ClusterNode.Until(() => first.Node.Log.Front > front, () => "the log is kept for a node that is gone");
        enough.Cancel();
        await load;
        hub.Loses = (_, _) => false;
        await second.Start();
        await second.StartsAgain();
        await InSync(first, 2);
    }

    [Fact]
    public async Task A_stop_at_any_step_leaves_what_was_or_the_whole_copy()
    {
        await using var first = await Active();
        await using var second = new ClusterNode("second", hub, arbiter);
        var images = new List<MemoryFileSystem>();
        var tap = new TappedFileSystem(second.Files);
        second.Seen = tap;
        await second.Start();
        tap.Changed = () =>
        {
            lock (images)
            {
                images.Add(second.Files.CrashImage(new SeededRandom((ulong)images.Count)));
            }
        };
        await second.IsFetched();
        await using (var work = new PooledWork(1))
        {
            var looked = await DirectoryInspection.Run(second.Files, "/second", work, _ => { }, default);
            Assert.Contains("start the server once", looked.Failure!.Sentence, StringComparison.Ordinal);
        }

        await Open(tap);
        tap.Changed = () => { };
        var whole = await Listing(second.Files);
        var replaced = 0;
        foreach (var image in images)
        {
            await Open(image);
            var found = await Listing(image);
            if (!found.Any(name => name.EndsWith("log/00000000000000000001.log", StringComparison.Ordinal)))
            {
                Assert.Equal(whole, found);
                Assert.Null(await image.OpenAsync("/second/copy/whole.json", FileIntent.Read, default));
                replaced++;
            }
        }

        Assert.InRange(replaced, 5, images.Count - 5);
        await second.Start();
        await InSync(first, 2);

        static async Task Open(IFileSystem files) => await (await DataDirectory.Open(files, "/second", new SeededRandom(1), default)).Value.DisposeAsync();

        static async Task<List<string>> Listing(IFileSystem files)
        {
            var listed = new List<string>();
            foreach (var folder in new[] { "log", "checkpoints", "segments" })
            {
                listed.AddRange((await Names(files, folder)).Select(name => $"{folder}/{name}"));
            }

            return listed;
        }
    }

    [Fact]
    public async Task A_log_that_is_damaged_where_it_comes_from_is_not_put_into_effect()
    {
        await using var first = await Active();
        await using var second = new ClusterNode("second", hub, arbiter);
        foreach (var file in (await first.Files.ListAsync("/active/log", default))!.Where(entry => entry.Name.EndsWith(".log", StringComparison.Ordinal)))
        {
            // In the first group of each: what follows it tells that it was whole once.
            first.Files.FlipBit($"/active/log/{file.Name}", 600, 1);
        }

        await second.Start();
        var node = second.Node.Node;
        var why = await second.Node.Death.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        Assert.False(Assert.IsType<EpochOverException>(why).StartsAgain);
        Assert.Contains("its log was damaged where it came from", why.Message, StringComparison.Ordinal);
        await second.Stop();
        Assert.Null(await second.Files.OpenAsync("/second/copy/whole.json", FileIntent.Read, default));
        await second.Start();
        Assert.Equal(node, second.Node.Node);
    }

    /// <summary>Starts a node, and loses every piece once it has gathered the checkpoint.</summary>
    private async Task IsHalfway(ClusterNode node)
    {
        var lost = 0;
        hub.Loses = (_, kind) =>
        {
            var loses = kind == "CopyPiece" && node.Files.ListAsync($"/{node.Name}/copy/checkpoints", default).AsTask().Result?.Any(entry => !entry.Name.EndsWith(".part", StringComparison.Ordinal)) == true;
            Interlocked.Add(ref lost, loses ? 1 : 0);
            return loses;
        };
        await node.Start();
        await ClusterNode.Until(
            () => Volatile.Read(ref lost) > 2,
            () => $"no pieces are asked for: {node.State.Copying}; {string.Join("; ", node.State.Sentences)}; {(node.Node.Death.IsCompleted ? node.Node.Death.Result.Message : "it lives")}");
    }

    private static async Task<IReadOnlyList<string>> Names(IFileSystem files, string folder) =>
        [.. (await files.ListAsync($"/second/{folder}", default))!.Select(entry => entry.Name)];

    /// <summary>A first node, alone and active, with a collection whose beginning is no longer in its log.</summary>
    private async Task<ClusterNode> Active(int? copyPatienceMs = null, int awayKeptMs = 0, long? awayKeptBytesMax = null)
    {
        var node = new ClusterNode("active", hub, arbiter)
        {
            CopyPatienceMs = copyPatienceMs ?? new ReplicaOptions().CopyPatienceMs,
            AwayKeptMs = awayKeptMs,
            AwayKeptBytesMax = awayKeptBytesMax ?? new ReplicaOptions().AwayKeptBytesMax,
        };
        await node.Start();
        await ClusterNode.Until(() => node.Node.Active.IsCompletedSuccessfully, () => $"no active: {string.Join("; ", node.State.Sentences)}");
        _ = (await node.Proxy.Collections.Create(NodeWorld.Database, NodeWorld.Draft(Books), default)).Value;
        _ = (await node.Proxy.Indexes.Create(NodeWorld.Database, Books, new("vec", "", [new("index_type", "FLAT"), new("metric_type", "L2")]), default)).Value;
        _ = (await node.Proxy.Loading.Load(NodeWorld.Database, Books, [], 1, [], default)).Value;
        await Truncated(node, 100);
        return node;
    }

    /// <summary>Writes until a start would need the log from behind a position on only.</summary>
    private async Task Checkpointed(ClusterNode node, ulong behind)
    {
        using var enough = new CancellationTokenSource();
        var load = Load(node, enough.Token);
        await ClusterNode.Until(() => Checkpoints(node) is { Count: > 1 } taken && taken.Min() > behind, () => "no checkpoints are taken");
        enough.Cancel();
        await load;
    }

    private static List<ulong> Checkpoints(ClusterNode node) =>
    [
        .. node.Files.ListAsync($"/{node.Name}/checkpoints", default).AsTask().Result!
            .Select(entry => CheckpointName.TryParse(entry.Name, node.Node.Log.Channel, out var name) ? name.Position.Number : 0)
            .Where(position => position > 0),
    ];

    /// <summary>Writes until the log begins behind a position.</summary>
    private async Task Truncated(ClusterNode node, ulong behind)
    {
        using var enough = new CancellationTokenSource();
        var load = Load(node, enough.Token);
        await ClusterNode.Until(() => node.Node.Log.Front.Number > behind, () => $"the log keeps its beginning, with {written} rows behind it");
        enough.Cancel();
        await load;
    }

    /// <summary>An operator forces it, and it takes rows.</summary>
    private async Task Forced(ClusterNode node)
    {
        string? refused = "";
        await ClusterNode.Until(() => (refused = node.Node.Replica!.Force(default).GetAwaiter().GetResult()) is null, () => $"it is not forced: {refused}");
        await ClusterNode.Until(() => node.Node.Active.IsCompletedSuccessfully, () => $"no active: {string.Join("; ", node.State.Sentences)}");
        await Write(node);
    }

    private async Task Write(ClusterNode node)
    {
        var from = Volatile.Read(ref written);
        _ = (await node.Proxy.Writes.Insert(NodeWorld.Rows(Books, [.. Enumerable.Range(0, BatchRows).Select(i => from + i)]), default)).Value;
        Volatile.Write(ref written, from + BatchRows);
    }

    private async Task Load(ClusterNode node, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            await Write(node);
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>What is salvaged of a stopped node's directory, and the keys of its rows.</summary>
    private static async Task<(SalvageReport Report, HashSet<long> Rows)> Salvaged(ClusterNode node, string path)
    {
        var rows = new HashSet<long>();
        await using var work = new PooledWork(1);
        var salvage = new Salvage(node.Files, work, lines =>
        {
            foreach (var line in Encoding.UTF8.GetString(lines.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                rows.Add(JsonDocument.Parse(line).RootElement.GetProperty("row").GetProperty("id").GetInt64());
            }

            return new(Result.Ok);
        });
        return ((await salvage.Run(path, default)).Value, rows);
    }

    private static Task InSync(ClusterNode active, int members) =>
        ClusterNode.Until(() => active.State.InSync.Length == members, () => $"{active.State.InSync.Length} are in sync; {string.Join("; ", active.State.Sentences)}");

    private async Task TakesOver(ClusterNode active, ClusterNode standby)
    {
        await active.Stop();
        await ClusterNode.Until(() => standby.Node.Active.IsCompletedSuccessfully, () => $"no take-over: {string.Join("; ", standby.State.Sentences)}");
        var found = await standby.Proxy.Queries.Query(
            new() { Database = NodeWorld.Database, Collection = Books, Filter = "id >= 0", OutputFields = ["count(*)"], Consistency = ConsistencyLevel.Strong }, default);
        Assert.Equal(written, found.Value.Rows.Find(found.Value.Fields[0].Id)!.As<long>()[0]);
        await active.Start();
    }
}
