using Elanus.Coordination;
using Elanus.Log;
using Elanus.Log.Tests;
using Elanus.Primitives;
using Elanus.Replication;
using Elanus.Roles;

namespace Elanus.Server.Tests;

/// <summary>Damage on a member's disk: it gives up what it held and its id, keeps both aside, and copies; where nobody else has everything it stops and changes nothing.</summary>
public sealed class MemberRepairTests
{
    private const string Books = "books";

    private readonly PeerHub hub = new();
    private readonly InProcessStore arbiter = new(TimeProvider.System);
    private long written;

    [Theory]
    [InlineData("log", ".log", 700)]
    [InlineData("log", "log.head", 20)]
    [InlineData("log", "log.promise", 20)]
    public async Task A_member_whose_log_is_damaged_comes_back_as_a_new_one_with_everything(string folder, string suffix, long offset)
    {
        await using var first = await Active();
        await using var second = new ClusterNode("second", hub, arbiter);
        await second.Start();
        await InSync(first, 2);
        await Write(first);
        var was = second.Node.Node;
        await second.Stop();
        await Damage(second, folder, suffix, offset);
        var over = await Assert.ThrowsAsync<EpochOverException>(second.TryStart);
        Assert.True(over.StartsAgain);
        Assert.Contains($"/second/damaged/{was}", over.Message, StringComparison.Ordinal);
        await Write(first);
        await second.Start();
        Assert.NotEqual(was, second.Node.Node);
        await HoldsAll(first, second);
        Assert.DoesNotContain(first.State.InSync, member => member.Node == was);
        await Salvaged(second, was);
        await TakesOver(first, second);
    }

    [Fact]
    public async Task The_active_whose_log_is_damaged_waits_for_another_and_comes_back()
    {
        await using var first = await Active();
        await using var second = new ClusterNode("second", hub, arbiter);
        await second.Start();
        await InSync(first, 2);
        await Write(first);
        var was = first.Node.Node;
        await first.Stop();
        await Damage(first, "log", ".log", 700);
        await Assert.ThrowsAsync<EpochOverException>(first.TryStart);
        await ClusterNode.Until(() => second.Node.Active.IsCompletedSuccessfully, () => $"no take-over: {string.Join("; ", second.State.Sentences)}");
        await first.Start();
        Assert.NotEqual(was, first.Node.Node);
        await HoldsAll(second, first);
    }

    [Fact]
    public async Task A_node_that_has_let_go_of_its_logs_beginning_and_whose_checkpoints_are_damaged_copies_and_spares_what_is_whole()
    {
        await using var first = await Active();
        await Truncated(first);
        await using var second = new ClusterNode("second", hub, arbiter);
        await second.Start();
        await second.StartsAgain();
        await HoldsAll(first, second);
        var was = second.Node.Node;
        await second.Stop();
        foreach (var entry in (await second.Files.ListAsync("/second/checkpoints", default))!)
        {
            await Damage(second, "checkpoints", entry.Name, entry.Length / 2);
        }

        await Assert.ThrowsAsync<EpochOverException>(second.TryStart);
        hub.Pulled.Clear();
        await second.Start();
        await second.IsFetched();
        var gathered = (await second.Files.ListAsync("/second/copy/segments", default))!;
        var kept = (await second.Files.ListAsync($"/second/damaged/{was}/segments", default))!.Select(entry => entry.Name).ToHashSet();
        var others = (await second.Files.ListAsync("/second/copy/log", default))!.Count - 1 + (await second.Files.ListAsync("/second/copy/checkpoints", default))!.Count;
        Assert.Equal(others + gathered.Count(entry => !kept.Contains(entry.Name)), hub.Pulled.Count);
        await second.Start();
        await HoldsAll(first, second);
        await TakesOver(first, second);
    }

    [Fact]
    public async Task A_member_that_does_without_a_damaged_checkpoint_comes_by_its_position_again_and_goes_on()
    {
        await using var first = await Active();
        await using var second = new ClusterNode("second", hub, arbiter);
        await second.Start();
        await HoldsAll(first, second);
        var at = second.Node.Roles.Applied;
        Assert.True((await second.Node.Roles.Checkpoints.Take(default)).Succeeded);
        await second.Stop();
        await Damage(second, "checkpoints", ".checkpoint", 300);
        await second.Start();
        Assert.Single(second.Node.Recovered.Refused);
        await ClusterNode.Until(() => second.Node.Roles.Applied == at, () => $"{second.Node.Roles.Applied} is applied");
        Assert.True((await second.Node.Roles.Checkpoints.Take(default)).Succeeded);
        await HoldsAll(first, second);
    }

    [Fact]
    public async Task A_damaged_segment_file_is_found_behind_the_reads_and_fetched()
    {
        await using var first = await Active();
        await Truncated(first);
        await using var second = new ClusterNode("second", hub, arbiter);
        await second.Start();
        await second.StartsAgain();
        await HoldsAll(first, second);
        var was = second.Node.Node;
        for (var i = 0; (await Columns(second)).Count == 0; i++)
        {
            Assert.True(i < 500, "no rows are sealed");
            await Write(first);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        await second.Stop();
        foreach (var entry in await Columns(second))
        {
            second.Files.FlipBit($"/second/segments/{entry.Name}", entry.Length / 2, 3);
        }

        await second.Start();
        await ClusterNode.Until(() => second.Node.Death.IsCompleted, () => "it goes on with damaged files");
        await second.Stop();
        Assert.NotNull(await second.Files.OpenAsync("/second/damage.note", FileIntent.Read, default));
        await Assert.ThrowsAsync<EpochOverException>(second.TryStart);
        await second.Start();
        Assert.NotEqual(was, second.Node.Node);
        Assert.Null(await second.Files.OpenAsync("/second/damage.note", FileIntent.Read, default));
        await second.IsFetched();
        await second.Start();
        await HoldsAll(first, second);
        await TakesOver(first, second);
    }

    [Fact]
    public async Task A_node_that_was_alone_in_the_set_stops_and_changes_nothing()
    {
        await using var first = await Active();
        await first.Stop();
        await Damage(first, "log", ".log", 700);
        var before = await Listing(first);
        var refused = (await first.TryStart()).Failure!.Sentence;
        Assert.Contains("at offset", refused, StringComparison.Ordinal);
        Assert.Contains("elanus salvage", refused, StringComparison.Ordinal);
        Assert.Contains("alone in the in-sync set", refused, StringComparison.Ordinal);
        Assert.Equal(before, await Listing(first));
    }

    [Fact]
    public async Task A_node_that_was_alone_and_has_found_a_damaged_file_names_the_way_out_and_not_one_that_lasts_for_minutes()
    {
        await using var first = await Active();
        await first.Stop();
        await SmallFile.Write(first.Files, "/active", "damage.note", "a file is damaged", default);
        var refused = (await first.TryStart()).Failure!.Sentence;
        Assert.StartsWith("a file is damaged (", refused, StringComparison.Ordinal);
        Assert.Contains("ends once the damage is found again", refused, StringComparison.Ordinal);
        Assert.Contains("a backup, or what `elanus salvage` can read", refused, StringComparison.Ordinal);
        Assert.Contains("alone in the in-sync set", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_beside_which_nobody_lives_stops_and_changes_nothing_and_repairs_itself_once_somebody_does()
    {
        await using var first = await Active();
        await using var second = new ClusterNode("second", hub, arbiter);
        await second.Start();
        await InSync(first, 2);
        await second.Stop();
        await first.Stop();
        await Damage(second, "log", ".log", 700);
        var starting = second.TryStart();
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        Assert.False(starting.IsCompleted);
        await first.Start();
        await Assert.ThrowsAsync<EpochOverException>(() => starting);
        await second.Start();
        await first.Node.Active;
        await HoldsAll(first, second);
    }

    [Fact]
    public async Task What_the_arbiter_has_forgotten_is_not_given_up()
    {
        await using var first = await Active();
        await using var second = new ClusterNode("second", hub, arbiter);
        await second.Start();
        await InSync(first, 2);
        await second.Stop();
        await Damage(second, "log", ".log", 700);
        await using var forgetful = new ClusterNode("second", hub, new(TimeProvider.System)) { Files = second.Files };
        var before = await Listing(second);
        Assert.Contains("the arbiter has no record of the cluster", (await forgetful.TryStart()).Failure!.Sentence, StringComparison.Ordinal);
        Assert.Equal(before, await Listing(second));
    }

    [Fact]
    public async Task A_node_whose_log_ends_before_what_it_knows_to_be_committed_is_no_holder_of_it()
    {
        await using var first = await Active();
        await using var second = new ClusterNode("second", hub, arbiter);
        await second.Start();
        await InSync(first, 2);
        await Write(first);
        var was = second.Node.Node;
        await second.Stop();
        var promise = await EpochPromise.LoadAsync(second.Files, "/second/log", default);
        _ = (await (promise with { CommitSeen = 1_000_000 }).KeepAsync(second.Files, "/second/log", default)).Value;
        await Assert.ThrowsAsync<EpochOverException>(second.TryStart);
        await second.Start();
        Assert.NotEqual(was, second.Node.Node);
        await HoldsAll(first, second);
    }

    [Fact]
    public async Task A_claim_that_the_damaged_member_sent_before_it_died_can_no_longer_take_effect()
    {
        await using var first = await Active();
        await using var second = new ClusterNode("second", hub, arbiter);
        await second.Start();
        await InSync(first, 2);
        var was = second.Node.Node;
        await second.Stop();
        await using var judge = new InProcessArbiter(arbiter);
        var compared = (await judge.ReadAsync("test", default)).Value!;
        await Damage(second, "log", ".log", 700);
        await Assert.ThrowsAsync<EpochOverException>(second.TryStart);
        var late = new RoleRecord(new(compared.Record.Epoch.Number + 1, new(1, 2)), was, [new(was, "second")], Forced: false);
        Assert.Equal(ChangeOutcome.Refused, await judge.ChangeAsync("test", compared.Version, late, new(3, 4), default));
        await second.Start();
        await HoldsAll(first, second);
    }

    [Fact]
    public async Task A_disk_that_damages_again_and_again_is_told_of()
    {
        await using var first = await Active();
        await using var second = new ClusterNode("second", hub, arbiter);
        for (var times = 0; times <= MemberRepair.KeptMax; times++)
        {
            await second.Start();
            await HoldsAll(first, second);
            await second.Stop();
            await Damage(second, "log", ".log", 700);
            if (times < MemberRepair.KeptMax)
            {
                await Assert.ThrowsAsync<EpochOverException>(second.TryStart);
            }
        }

        Assert.Contains("Replace the disk", (await second.TryStart()).Failure!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_at_any_step_of_giving_up_leaves_the_damaged_member_or_a_new_one_and_never_less_than_it_held()
    {
        await using var first = await Active();
        await using var second = new ClusterNode("second", hub, arbiter);
        await second.Start();
        await InSync(first, 2);
        var was = second.Node.Node;
        await second.Stop();
        await Damage(second, "log", ".log", 700);
        var log = await Content(second.Files, "/second/log");
        await Assert.ThrowsAsync<EpochOverException>(second.TryStart);
        var images = new List<MemoryFileSystem> { second.Files.CrashImage(new SeededRandom(1)) };
        var tap = new TappedFileSystem(second.Files);
        tap.Changed = () => images.Add(second.Files.CrashImage(new SeededRandom((ulong)images.Count)));
        await using (var opened = (await DataDirectory.Open(tap, "/second", new SeededRandom(7), default)).Value)
        {
            Assert.NotEqual(was, opened.Node);
        }

        tap.Changed = () => { };
        Assert.InRange(images.Count, 10, 1000);
        var next = new HashSet<NodeId>();
        foreach (var image in images)
        {
            await using var opened = (await DataDirectory.Open(image, "/second", new SeededRandom(8), default)).Value;
            next.Add(opened.Node);
            Assert.Equal(log, await Content(image, $"/second/damaged/{was}/log"));
            Assert.Null(await RepairInstallation.Unfinished(image, "/second", default));
            Assert.Equal([EpochPromise.FileName], (await image.ListAsync("/second/log", default))!.Select(entry => entry.Name));
        }

        Assert.DoesNotContain(was, next);
        Assert.Single(next);
    }

    private static async Task<IReadOnlyList<FileEntry>> Columns(ClusterNode node) =>
        [.. (await node.Files.ListAsync($"/{node.Name}/segments", default))!.Where(entry => entry.Name.EndsWith(".cols", StringComparison.Ordinal))];

    private static async Task<string> Content(MemoryFileSystem files, string folder)
    {
        var parts = new List<string>();
        foreach (var entry in (await files.ListAsync(folder, default))!)
        {
            await using var file = (await files.OpenAsync($"{folder}/{entry.Name}", FileIntent.Read, default))!;
            var bytes = new byte[await file.LengthAsync(default)];
            await file.ReadAsync(0, bytes, default);
            parts.Add($"{entry.Name} {Crc32C.Of(bytes):x8}");
        }

        return string.Join('\n', parts);
    }

    /// <summary>What was given up can still be read by the operator's commands.</summary>
    private static async Task Salvaged(ClusterNode node, NodeId was)
    {
        await using var work = new PooledWork(1);
        var lines = 0;
        var salvage = new Salvage(node.Files, work, _ =>
        {
            lines++;
            return new(Result.Ok);
        });
        Assert.Equal(was, (await DataDirectory.OpenExisting(node.Files, $"/{node.Name}/damaged/{was}", default)).Value is var there ? there.Node : default);
        await there.DisposeAsync();
        Assert.True((await salvage.Run($"/{node.Name}/damaged/{was}", default)).Value.Records > 0);
        Assert.True(lines > 0);
    }

    private static async Task Damage(ClusterNode node, string folder, string suffix, long offset)
    {
        var name = (await node.Files.ListAsync($"/{node.Name}/{folder}", default))!.First(entry => entry.Name.EndsWith(suffix, StringComparison.Ordinal) && entry.Length > offset).Name;
        node.Files.FlipBit($"/{node.Name}/{folder}/{name}", offset, 3);
    }

    private static async Task<IReadOnlyList<string>> Listing(ClusterNode node)
    {
        var listed = new List<string>();
        foreach (var folder in new[] { "log", "checkpoints", "segments", "damaged" })
        {
            listed.AddRange((await node.Files.ListAsync($"/{node.Name}/{folder}", default) ?? []).Select(entry => $"{folder}/{entry.Name} {entry.Length}"));
        }

        return listed;
    }

    /// <summary>A first node, alone and active, with a collection and some rows.</summary>
    private async Task<ClusterNode> Active()
    {
        var node = new ClusterNode("active", hub, arbiter);
        await node.Start();
        await ClusterNode.Until(() => node.Node.Active.IsCompletedSuccessfully, () => $"no active: {string.Join("; ", node.State.Sentences)}");
        _ = (await node.Proxy.Collections.Create(NodeWorld.Database, NodeWorld.Draft(Books), default)).Value;
        _ = (await node.Proxy.Indexes.Create(NodeWorld.Database, Books, new("vec", "", [new("index_type", "FLAT"), new("metric_type", "L2")]), default)).Value;
        _ = (await node.Proxy.Loading.Load(NodeWorld.Database, Books, [], 1, [], default)).Value;
        await Write(node);
        return node;
    }

    private async Task Truncated(ClusterNode node)
    {
        for (var i = 0; node.Node.Log.Front.Number < 100; i++)
        {
            Assert.True(i < 5000, "the log keeps its beginning");
            await Write(node);
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
    }

    private async Task Write(ClusterNode node)
    {
        for (var i = 0; i < 5; i++)
        {
            _ = (await node.Proxy.Writes.Insert(NodeWorld.Rows(Books, [.. Enumerable.Range(0, 40).Select(row => written + row)]), default)).Value;
            written += 40;
        }
    }

    private static Task InSync(ClusterNode active, int members) =>
        ClusterNode.Until(() => active.State.InSync.Length == members, () => $"{active.State.InSync.Length} are in sync; {string.Join("; ", active.State.Sentences)}");

    /// <summary>The standby is let in, has applied all, and its state is the active's.</summary>
    private async Task HoldsAll(ClusterNode active, ClusterNode standby)
    {
        await ClusterNode.Until(() => active.State.InSync.Any(member => member.Node == standby.Node.Node), () => $"it is not let in; {string.Join("; ", standby.State.Sentences)}");
        await Write(active);

        // The active may seal and publish meanwhile: two states are compared where both stand at one position before and after.
        bool StandAt(LogPosition at) => active.Node.Roles.Applied == at && standby.Node.Roles.Applied == at;
        ulong? expected = null, found = null;
        await ClusterNode.Until(
            () =>
            {
                var at = active.Node.Roles.Applied;
                if (!StandAt(at))
                {
                    return false;
                }

                try
                {
                    (expected, found) = (active.Node.Roles.Hash(), standby.Node.Roles.Hash());
                }
                catch (Exception) when (!StandAt(at))
                {
                    return false;
                }

                return StandAt(at);
            },
            () => $"{standby.Node.Roles.Applied} is applied, of {active.Node.Roles.Applied}");
        Assert.Equal(expected, found);
    }

    private async Task TakesOver(ClusterNode active, ClusterNode standby)
    {
        await active.Stop();
        await ClusterNode.Until(() => standby.Node.Active.IsCompletedSuccessfully, () => $"no take-over: {string.Join("; ", standby.State.Sentences)}");
        var found = await standby.Proxy.Queries.Query(
            new() { Database = NodeWorld.Database, Collection = Books, Filter = "id >= 0", OutputFields = ["count(*)"], Consistency = ConsistencyLevel.Strong }, default);
        Assert.Equal(written, found.Value.Rows.Find(found.Value.Fields[0].Id)!.As<long>()[0]);
    }
}
