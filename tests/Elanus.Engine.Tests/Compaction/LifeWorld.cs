using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Engine.Tests;

/// <summary>An owner whose background work waits until it is asked for, followers, and the model; all are given the same records.</summary>
internal sealed class LifeWorld
{
    private readonly List<DirectorySegmentStore> stores = [];
    private readonly List<Func<IWorkScheduler>> works;
    private readonly EngineOptions options;
    private ulong epoch;

    public LifeWorld(long segmentBytesMax = 640)
    {
        options = new EngineOptions { SegmentBytesMax = segmentBytesMax, IndexedRowsMin = 4 };
        Disks = [new(), new(), new()];
        stores.AddRange(Disks.Select(Stores.Open));
        works = [() => Work, () => new InlineWork(), () => new NoWork(), () => new InlineWork()];
        Nodes = [.. works.Select((work, i) => new Node(work(), options, i < stores.Count ? stores[i] : null))];
        Fence();
    }

    public ManualWork Work { get; } = new();

    public List<MemoryFileSystem> Disks { get; }

    /// <summary>The owner; a follower that works at once; one whose background work never runs; one without files.</summary>
    public List<Node> Nodes { get; }

    public Node Owner => Nodes[0];

    public RowModel Model { get; } = new();

    /// <summary>Outputs that took the place of their inputs.</summary>
    public int Merged { get; private set; }

    public void Apply(params IReadOnlyList<DataRecord> records)
    {
        foreach (var record in records)
        {
            Merged += record is Publish publish && Owner.Collection.Compactions().Any(c => c.Output == publish.Segment) ? 1 : 0;
            Nodes.ForEach(node => node.Apply(record));
            Model.Apply(record);
        }
    }

    public void Fence()
    {
        epoch++;
        Nodes.ForEach(node => node.Fence(epoch));
        Owner.State.Own();
        Owner.State.LookThroughFiles(Stores.Cancel).GetAwaiter().GetResult();
    }

    /// <summary>Stops a node, whatever it is at, and starts it again from a checkpoint; a stopped owner's epoch ends.</summary>
    public async Task Restart(int node)
    {
        var store = node < stores.Count ? stores[node] : null;
        var captured = Nodes[node].Captured();
        var stopped = Nodes[node];
        Nodes[node] = stopped.Restored(captured, works[node](), options, store);
        await Nodes[node].State.DropLeftFiles(Stores.Cancel);
        var ended = stopped.DisposeAsync().AsTask();
        Work.RunAll();
        await ended;
        if (node == 0)
        {
            Fence();
        }
    }

    /// <summary>One decision of the owner; false where there is none to take.</summary>
    public bool Decide(Random random)
    {
        if (random.Next(12) == 0)
        {
            Fence();
            return true;
        }

        var choices = new List<DataRecord>(Owner.State.Unpublished());
        choices.AddRange(Owner.State.Unneeded());
        if (random.Next(2) == 0 && Compaction(random) is { } compact)
        {
            choices.Add(compact);
        }

        if (choices.Count == 0)
        {
            return false;
        }

        Apply(choices[random.Next(choices.Count)]);
        return true;
    }

    /// <summary>Everything that can be published, merged and dropped is; then only the files of standing segments are left.</summary>
    public async Task End()
    {
        for (var round = 0; round < 3; round++)
        {
            Work.RunAll();
            Apply([.. Owner.State.Unpublished()]);
            Apply([.. Owner.State.Unneeded()]);
        }

        Work.RunAll();
        foreach (var node in Nodes)
        {
            Assert.Equal(Owner.State.Hash(), node.State.Hash());
        }

        await CheckFiles();
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    private async Task CheckFiles()
    {
        var standing = Owner.State.Find(Sample.Collection) is { } collection
            ? collection.Statistics().Segments.Where(s => s.IsPublished).Select(s => s.Id.Value).ToList()
            : [];
        Assert.True(standing.Count == 0 || Owner.Collection.Statistics().Segments.Where(s => s.IsPublished).All(s => s.IsMapped));
        var names = Stores.Names(stores[0]);
        Assert.Equal(standing.Order(), names.Where(n => n.EndsWith(".cols", StringComparison.Ordinal)).Select(n => Convert.ToInt64(n[..16], 16)).Order());
        foreach (var name in names.Where(Stores.Names(stores[1]).Contains))
        {
            Assert.Equal(Convert.ToHexString(Stores.Content(Disks[0], name)), Convert.ToHexString(Stores.Content(Disks[1], name)));
        }

        foreach (var name in names)
        {
            using var file = await stores[0].OpenAsync(name, Stores.Cancel);
            Assert.Empty(file!.Verify(null, Stores.Cancel));
        }
    }

    private Compact? Compaction(Random random)
    {
        if (Owner.State.Find(Sample.Collection) is not { } collection)
        {
            return null;
        }

        var sealedOnes = collection.Statistics().Segments.Where(s => s.IsSealed).GroupBy(s => (s.Shard, s.Partition)).Select(g => g.ToList()).ToList();
        if (sealedOnes.Count == 0)
        {
            return null;
        }

        var place = sealedOnes[random.Next(sealedOnes.Count)];
        var from = random.Next(place.Count);
        return new(Sample.Collection, [.. place.Skip(from).Take(random.Next(1, 4)).Select(s => s.Id)], Timestamp.Zero);
    }

    /// <summary>A node that never finds time: whatever a record needs is done when it is applied.</summary>
    private sealed class NoWork : IWorkScheduler
    {
        private readonly InlineWork inline = new();

        public int Parallelism => 1;

        public Task<T> Run<T>(WorkPriority priority, Func<CancellationToken, T> work, CancellationToken cancel)
        {
            if (priority == WorkPriority.Foreground)
            {
                return inline.Run(priority, work, cancel);
            }

            var never = new TaskCompletionSource<T>();
            cancel.Register(() => never.TrySetCanceled(cancel));
            return never.Task;
        }
    }
}
