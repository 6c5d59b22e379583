using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Engine.Tests;

/// <summary>Single lives, told step by step.</summary>
public sealed class CompactionTests
{
    [Fact]
    public async Task Reads_and_writes_go_on_while_segments_are_merged()
    {
        var work = new ManualWork();
        await using var store = Stores.Open(new MemoryFileSystem());
        await using var node = await Two(work, store);
        node.Apply(Sample.Delete(1)).Apply(Compact(node));
        var compacting = Assert.Single(node.Collection.Compactions());
        Assert.Equal((2, 5), (compacting.Inputs.Length, compacting.Rows));

        // The view is of before; the output is built, and meanwhile one of its rows dies and another is replaced.
        using var before = node.Open();
        node.Apply(Sample.Delete(2)).Apply(Sample.Upsert(Sample.P1, (3, 33))).Apply(Sample.Insert(Sample.P1, (4, 44)));
        work.RunAll();
        var publish = Assert.Single(node.State.Unpublished());
        Assert.Equal([(3, 33), (4, 44), (5, 5), (6, 6)], await node.Rows());
        var hash = node.State.Hash();
        node.Apply(publish);
        Assert.Equal(hash, node.State.Hash());
        Assert.Empty(node.Collection.Compactions());
        Assert.Equal([(3, 33), (4, 44), (5, 5), (6, 6)], await node.Rows());
        Assert.Equal([(2, 2), (3, 3), (4, 4), (5, 5), (6, 6)], await Node.Rows(before));
        var merged = node.Collection.Statistics().Segments.Single(s => s.IsSealed);
        Assert.Equal((compacting.Output, 5, 3, true), (merged.Id, merged.Rows, merged.LiveRows, merged.IsMapped));

        // The old view still reads the inputs' files; they go with it.
        node.Apply(Assert.Single(node.State.Unneeded()));
        Assert.Equal([(2, 2), (3, 3), (4, 4), (5, 5), (6, 6)], await Node.Rows(before));
        Assert.Single(Stores.Names(store));
    }

    [Fact]
    public async Task A_compaction_ends_with_its_epoch_and_its_output_is_never_shown()
    {
        var work = new ManualWork();
        await using var store = Stores.Open(new MemoryFileSystem());
        await using var node = await Two(work, store);
        node.Apply(Compact(node));
        work.RunAll();
        var late = Assert.Single(node.State.Unpublished());
        node.Fence(2);
        Assert.Empty(node.Collection.Compactions());
        node.Apply(late);
        Assert.Equal(2, node.Collection.Statistics().Segments.Length);
        node.State.Own();
        await node.State.LookThroughFiles(Stores.Cancel);
        node.Apply([.. node.State.Unneeded()]);
        Assert.Equal(2, Stores.Names(store).Count);
    }

    [Fact]
    public async Task A_fence_deletes_what_an_earlier_process_wrote_for_a_compaction_and_never_published()
    {
        var disk = new MemoryFileSystem();
        await using var store = Stores.Open(disk);
        await using var node = await Two(new InlineWork(), store);
        var before = node.Captured();
        var inputs = Stores.Names(store);
        await using var found = Stores.Open(disk);
        await using var follower = node.Restored(before, store: found);
        var compact = Compact(node);
        node.Apply(compact);
        var written = Assert.Single(node.State.Unpublished()).File.Name;
        using var captured = node.State.Capture();
        Assert.Equal(inputs, captured.Files);

        // It was killed there, and follows now: its log may still name the file, until the fence says that it does not.
        await follower.State.DropLeftFiles(Stores.Cancel);
        follower.Apply(compact);
        Assert.Equal([.. inputs, written], Stores.Names(found));
        follower.Fence(2);
        Assert.Equal(inputs, Stores.Names(found));
        Assert.Equal(6, await follower.Count());
    }

    [Fact]
    public async Task Rows_that_expired_are_not_shown_and_die_with_the_record_that_says_so()
    {
        await using var store = Stores.Open(new MemoryFileSystem());
        await using var node = await Two(new InlineWork(), store);
        var before = node.State.Hash();
        var second = node.Collection.Statistics().Segments[1];

        // Records are stamped position * 16; the second segment's rows were inserted by one record.
        var moment = new Timestamp((node.Next.Number - 4) << 4);
        Assert.Equal(3, node.Collection.Weigh(moment).Sum(s => s.Surviving));
        using (var view = node.Collection.OpenView(notBefore: moment).Value)
        {
            Assert.Equal([(4, 4), (5, 5), (6, 6)], await Node.Rows(view));
            Assert.Equal(3, view.LiveRows);
            Assert.Equal([(4, 4)], await Node.Rows(view, "id < 5"));
            Assert.Equal([(6, 6)], await Node.Rows(view, "id in [1, 2, 6]"));
            var counted = await view.Query(new() { Filter = Node.Filter("number > 1"), CountOnly = true }, Stores.Cancel);
            Assert.Equal(3, counted.Value.Count);
            var hits = await view.Search(Node.Spec([0, 0, 0, 0], 10), Stores.Cancel);
            Assert.Equal([4L, 5L, 6L], Node.Keys(hits.Value.Keys).Order());
        }

        Assert.Equal(6, await node.Count());
        node.Apply(new Compact(Sample.Collection, [.. node.Collection.Statistics().Segments.Select(s => s.Id)], moment));
        Assert.NotEqual(before, node.State.Hash());
        var dead = node.State.Hash();
        Assert.Equal([(4, 4), (5, 5), (6, 6)], await node.Rows());
        node.Apply([.. node.State.Unpublished()]);
        Assert.Equal(dead, node.State.Hash());
        Assert.Equal((3, 3), Assert.Single(node.Collection.Statistics().Segments.Select(s => (s.Rows, s.LiveRows))));
        Assert.NotEqual(second.Id, node.Collection.Statistics().Segments[0].Id);
    }

    [Fact]
    public async Task Inputs_that_are_no_neighbours_change_nothing()
    {
        await using var store = Stores.Open(new MemoryFileSystem());
        await using var node = await Two(new InlineWork(), store);
        node.Apply(Sample.Insert(Sample.P1, (7, 7))).Apply(Seal.All(Sample.Collection));
        var ids = node.Collection.Statistics().Segments.Select(s => s.Id).ToArray();
        node.Apply(new Compact(Sample.Collection, [ids[0], ids[2]], Timestamp.Zero))
            .Apply(new Compact(Sample.Collection, [ids[1], ids[0]], Timestamp.Zero))
            .Apply(new Compact(Sample.Collection, [], Timestamp.Zero))
            .Apply(new Compact(Sample.Collection, [ids[0], new(12345)], Timestamp.Zero));
        Assert.Empty(node.Collection.Compactions());
    }

    [Fact]
    public async Task A_full_disk_leaves_rows_in_memory_until_there_is_room()
    {
        var disk = new MemoryFileSystem { Faults = new() { CapacityBytes = 100 } };
        await using var store = Stores.Open(disk);
        await using var node = new Node(store: store).Fence(1);
        node.State.Own();
        await node.State.LookThroughFiles(Stores.Cancel);
        node.Apply(Sample.Created()).Apply(Sample.Insert(Sample.P1, (1, 1), (2, 2))).Apply(Seal.All(Sample.Collection));
        Assert.NotNull(Assert.Single(node.Collection.Statistics().Segments).FileFault);
        Assert.Empty(node.State.Unpublished());
        Assert.Equal([(1, 1), (2, 2)], await node.Rows());
        disk.Faults.CapacityBytes = long.MaxValue;
        node.State.RetryFiles();
        Assert.Single(node.State.Unpublished());
    }

    [Fact]
    public async Task The_output_of_a_merge_leaves_the_room_that_the_log_needs()
    {
        const int RoomLeft = 1 << 20;
        var disk = new MemoryFileSystem();
        await using var store = Stores.Open(disk);
        await using var node = await Two(new InlineWork(), store, new() { RoomLeftMin = RoomLeft });
        disk.Faults.CapacityBytes = disk.UsedBytes + RoomLeft;
        var used = disk.UsedBytes;
        node.Apply(Compact(node));
        Assert.Empty(node.State.Unpublished());
        Assert.Equal(used, disk.UsedBytes);
        disk.Faults.CapacityBytes += 1 << 16;
        node.State.RetryFiles();
        Assert.Single(node.State.Unpublished());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_rots_is_not_merged_and_ends_the_state_by_its_name(bool atPublication)
    {
        var work = new ManualWork();
        var disk = new RottingFiles(new MemoryFileSystem());
        await using var store = Stores.Open(disk);
        await using var node = await Two(work, store);
        var name = Stores.Names(store)[1];
        long vectors;
        using (var file = await store.OpenAsync(name, Stores.Cancel))
        {
            vectors = file!.Sections.MaxBy(section => section.Length)!.Offset;
        }

        var compact = Compact(node);
        var output = Elanus.Engine.Compact.OutputAt(node.Next);
        disk.Rot($"{Stores.Folder}/{name}", vectors);
        node.Apply(compact);
        Exception? refused = null;
        if (atPublication)
        {
            // The record comes before there was time to gather: the applier does it.
            refused = Record.Exception(() => node.Apply(new Publish(Sample.Collection, output, new("elsewhere", 1, 1))));
        }

        work.RunAll();
        Assert.Equal(output, Assert.Single(node.Collection.Compactions()).Output);
        Assert.Equal(atPublication, refused is StoredFileDamagedException);
        Assert.Empty(node.State.Unpublished());
        Assert.Equal(2, Stores.Names(store).Count);
        Assert.True(node.State.Death.IsCompleted, "damage was taken for rows");
        Assert.Contains(name, Assert.IsType<StoredFileDamagedException>(await node.State.Death).Message, StringComparison.Ordinal);
        Assert.Throws<StoredFileDamagedException>(() => node.Apply(Sample.Delete(1)));
    }

    [Fact]
    public async Task A_start_deletes_what_its_checkpoint_left_behind_and_nothing_that_the_log_leads_to()
    {
        var disk = new MemoryFileSystem();
        await using var store = Stores.Open(disk);
        await using var node = await Two(new InlineWork(), store);
        node.Apply(Compact(node)).Apply([.. node.State.Unpublished()]);
        var merged = Stores.Names(store)[^1];

        // Another process: it does not know which files were to go, and an older checkpoint may need one of them. Its log goes further, and so did its files.
        await using var found = Stores.Open(disk);
        using var older = await found.PinAsync(Stores.Names(store)[0], Stores.Cancel);
        await using var other = node.Restored(node.Captured(), store: found);
        IReadOnlyList<DataRecord> behind = [Sample.Insert(Sample.P1, (7, 7)), Seal.All(Sample.Collection)];
        node.Apply(behind);
        var publish = Assert.Single(node.State.Unpublished());
        Assert.Equal(4, Stores.Names(store).Count);
        await other.State.DropLeftFiles(Stores.Cancel);
        Assert.Equal([merged, publish.File.Name], Stores.Names(found));
        Assert.Equal(3, Stores.Names(store).Count);
        older!.Dispose();
        Assert.Equal([merged, publish.File.Name], Stores.Names(store));
        other.Apply(behind).Apply(publish);
        Assert.All(other.Collection.Statistics().Segments, segment => Assert.True(segment is { IsMapped: true, FileFault: null }));
        Assert.Equal(7, await other.Count());
    }

    [Fact]
    public async Task A_start_maps_few_files_a_second_time_while_it_checks_all_of_them_and_finds_the_last_one_damaged()
    {
        const int Segments = 20;
        var disk = new MemoryFileSystem();
        await using var store = Stores.Open(disk);
        await using var node = new Node(store: store).Fence(1);
        node.State.Own();
        await node.State.LookThroughFiles(Stores.Cancel);
        node.Apply(Sample.Created());
        for (var i = 0; i < Segments; i++)
        {
            node.Apply(Sample.Insert(Sample.P1, (i, i))).Apply(Seal.All(Sample.Collection));
        }

        node.Apply([.. node.State.Unpublished()]);
        var (work, mapped) = (new ManualWork(), new RottingFiles(disk));
        await using var found = Stores.Open(mapped);
        await using var other = node.Restored(node.Captured(), work, store: found);
        var atOnce = mapped.Mappings - Segments;
        mapped.Rot($"{Stores.Folder}/{Stores.Names(found)[^1]}", 200);
        disk.FlipBit($"{Stores.Folder}/{Stores.Names(found)[^1]}", 200, 0);
        work.RunAll();
        Assert.InRange(atOnce, 1, 4);
        Assert.Equal(Segments, mapped.Mappings);
        Assert.IsType<StoredFileDamagedException>(await other.State.Death);
    }

    private static Compact Compact(Node node) => new(Sample.Collection, [.. node.Collection.Statistics().Segments.Where(s => s.IsSealed).Select(s => s.Id)], Timestamp.Zero);

    /// <summary>An owner with two published segments of three rows, keys 1 to 6; the last record is the last publication.</summary>
    private static async Task<Node> Two(IWorkScheduler work, ISegmentStore store, EngineOptions? options = null)
    {
        var node = new Node(work, options, store).Fence(1);
        node.State.Own();
        await node.State.LookThroughFiles(Stores.Cancel);
        node.Apply(Sample.Created())
            .Apply(Sample.Insert(Sample.P1, (1, 1), (2, 2), (3, 3))).Apply(Seal.All(Sample.Collection))
            .Apply(Sample.Insert(Sample.P1, (4, 4), (5, 5), (6, 6))).Apply(Seal.All(Sample.Collection));
        (work as ManualWork)?.RunAll();
        return node.Apply([.. node.State.Unpublished()]);
    }
}
