using Elanus.Log.Tests;
using Elanus.Primitives;
using Elanus.Roles;

namespace Elanus.Server.Tests;

/// <summary>
/// A node lives through inserts, deletes, seals, publications, merges, checkpoints and a log whose front moves, while the machine is stopped in thought after changes to the disk: any
/// subset of unsynced sectors and names is left. Each such disk is started again: what was acknowledged is there, nothing else but what was under way.
/// </summary>
public sealed class CrashImageTests
{
    private const int Steps = 60;
    private const int EveryChange = 3;
    private const int StepsPerMerge = 17;

    [Fact]
    public async Task Any_crash_leaves_a_node_with_one_consistent_prefix_of_what_was_written()
    {
        await using var world = await NodeWorld.Start(new()
        {
            DataPath = "/data", Log = new() { SegmentBytes = 8 << 10, MarkAfterIdleMs = 0 }, Checkpoints = new() { LogBytesMin = 12 << 10, RecordBytesMin = 512 },
        });
        var collection = await world.Collection("c");
        Assert.True((await world.Node.Close(default)).Succeeded);
        await world.Node.DisposeAsync();
        var tapped = new TappedFileSystem(world.Files);
        world.Seen = tapped;
        await world.Kill();
        var life = new Life(world, tapped, collection);
        await life.Live();
        Assert.True(life.Checkpoints > 5 && life.Merges > 1 && life.FrontMoved, $"{life.Checkpoints} checkpoints and {life.Merges} merges are too few to prove anything");
        var seen = new HashSet<string>();
        foreach (var image in life.Images)
        {
            seen.Add(await Check(image, world.Settings, life.States));
        }

        Assert.True(life.Images.Count > 60, $"only {life.Images.Count} images");
        Assert.True(seen.Count > 4, "the images were all recovered from the same few checkpoints");
    }

    /// <summary>Starts from an image; answers what it was recovered from.</summary>
    private static async Task<string> Check(Image image, NodeSettings settings, List<long[]> states)
    {
        await using var crashed = await NodeWorld.Over(image.Files, settings);
        var ids = await crashed.Ids("c");
        var allowed = states.Skip(image.Acknowledged).Take(image.Begun - image.Acknowledged + 1).ToList();
        Assert.True(allowed.Exists(state => state.SequenceEqual(ids)), $"{ids.Length} rows are there, after {image.Acknowledged} to {image.Begun} writes they should be {string.Join(" or ", allowed.Select(s => s.Length))}");
        Assert.True((await crashed.Proxy.Writes.Insert(NodeWorld.Rows("c", 100_000), default)).Succeeded);
        Assert.Equal(ids.Append(100_000), await crashed.Ids("c"));
        Assert.Empty(crashed.Node.Recovered.Refused);
        return $"{crashed.Node.Recovered.From}";
    }

    private sealed record Image(MemoryFileSystem Files, int Acknowledged, int Begun);

    private sealed class Life(NodeWorld world, TappedFileSystem tapped, CollectionInfo collection)
    {
        private readonly SeededRandom random = new(11);
        private readonly Lock gate = new();
        private int changes;
        private int begun;
        private int acknowledged;

        public List<Image> Images { get; } = [];

        /// <summary>The ids after each write.</summary>
        public List<long[]> States { get; } = [[]];

        public int Checkpoints { get; private set; }

        public int Merges { get; private set; }

        public bool FrontMoved { get; private set; }

        public async Task Live()
        {
            world.Node.Roles.Checkpoints.Taken += (_, _) => Checkpoints++;
            tapped.Changed = Crash;
            for (var step = 0; step < Steps; step++)
            {
                await Step(step);
                if (step % StepsPerMerge == StepsPerMerge - 1)
                {
                    await Merge();
                }
            }

            tapped.Changed = () => { };
            FrontMoved = (await world.Files.ListAsync("/data/log", default))!.All(entry => entry.Name != $"{1:D20}.log");
        }

        private async Task Step(int step)
        {
            var before = States[^1];
            switch (random.NextUInt64() % 6)
            {
                case 0 when before.Length > 0:
                    var gone = before[random.NextUInt64() % (ulong)before.Length];
                    await Write([.. before.Where(id => id != gone)], () => world.Proxy.Writes.Delete(new() { Database = NodeWorld.Database, Collection = "c", Filter = $"id == {gone}" }, default));
                    break;
                case 1:
                    Assert.True((await world.Proxy.Data.Flush(NodeWorld.Database, "c", default)).Succeeded);
                    break;
                case 2:
                    await world.Checkpoint();
                    break;
                default:
                    long[] added = [.. Enumerable.Range(step * 100, 1 + (int)(random.NextUInt64() % 40)).Select(id => (long)id)];
                    await Write([.. before, .. added], () => world.Proxy.Writes.Insert(NodeWorld.Rows("c", added), default));
                    break;
            }
        }

        /// <summary>Seals what grows and merges all segments; ends when their one file is the only one.</summary>
        private async Task Merge()
        {
            Assert.True((await world.Proxy.Data.Flush(NodeWorld.Database, "c", default)).Succeeded);
            var asked = (await world.Proxy.Data.Compact(collection, default)).Value;
            var begun = TimeProvider.System.GetTimestamp();
            while (asked.Plans > 0 && !world.Proxy.Data.Compaction(asked.Id)!.Value.All(plan => plan.State is CompactionPlanState.Completed or CompactionPlanState.Failed))
            {
                Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(30), "a merge did not end");
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            }

            Merges += world.Proxy.Data.Compaction(asked.Id)?.Count(plan => plan.State == CompactionPlanState.Completed) ?? 0;
            await world.Checkpoint();
        }

        private async Task Write<T>(long[] after, Func<Task<Result<T>>> write)
        {
            // The state is entered first: the write may be on the disk before it is answered.
            Begin(after);
            Assert.True((await write()).Succeeded);
            lock (gate)
            {
                acknowledged++;
            }
        }

        private void Begin(long[] after)
        {
            lock (gate)
            {
                States.Add(after);
                begun++;
            }
        }

        private void Crash()
        {
            lock (gate)
            {
                if (++changes % EveryChange == 0)
                {
                    Images.Add(new(world.Files.CrashImage(random), acknowledged, begun));
                }
            }
        }
    }
}
