using Elanus.Primitives;
using Elanus.Roles;

namespace Elanus.Server.Tests;

public sealed class NodeJournalTests
{
    private const string Checkpoints = "/data/checkpoints";

    [Fact]
    public async Task A_member_tells_what_its_start_left_out_and_what_checkpoints_it_takes()
    {
        var files = new MemoryFileSystem();
        Assert.True((await files.CreateDirectoryAsync("/arbiter", default)).Succeeded);
        await Life(files, told => told.Has("checkpoint 0") && told.Has(" taken, "));
        var taken = (await files.ListAsync(Checkpoints, default))!;
        foreach (var file in taken)
        {
            await Change($"{Checkpoints}/{file.Name}", _ => file.Length / 3);
        }

        var log = (await files.ListAsync("/data/log", default))!.Last(file => file.Name.EndsWith(".log", StringComparison.Ordinal)).Name;
        await Change($"/data/log/{log}", bytes => (bytes.LastIndexOfAnyExcept((byte)0) & -512) + 512);
        var second = await Life(files, told => told.Has("recovered from checkpoint none"));
        Assert.Single(second.Lines, line => line.Contains("the last write before the stop was incomplete", StringComparison.Ordinal));
        Assert.All(taken, file => Assert.Single(second.Lines, line => line.Contains("a checkpoint was not used", StringComparison.Ordinal) && line.Contains(file.Name, StringComparison.Ordinal)));

        async Task Change(string path, Func<Span<byte>, long> place)
        {
            await using var file = (await files.OpenAsync(path, FileIntent.ReadWrite, default))!;
            var bytes = new byte[await file.LengthAsync(default)];
            await file.ReadAsync(0, bytes, default);
            var at = place(bytes);
            Assert.True((await file.WriteDurablyAsync(at, [new[] { (byte)(bytes[at] ^ 0x10) }], default)).Succeeded);
        }
    }

    [Fact]
    public async Task A_checkpoint_that_goes_on_failing_is_told_once()
    {
        await using var world = await NodeWorld.Start(
            new() { DataPath = "/data", Log = new() { SegmentBytes = 4 << 20 }, Checkpoints = new() { LogBytesMin = 32 << 10, RecordBytesMin = 4 << 10 } },
            new ShiftedTime { Quick = CheckpointKeeper.RetryPeriod });
        using var told = new ToldLines();
        NodeJournal.Begin(world.Node, told);
        var failed = 0;
        world.Node.Roles.Checkpoints.Failed += _ => Interlocked.Increment(ref failed);
        await world.Collection("c");
        world.Files.Faults.CapacityBytes = world.Files.UsedBytes;
        for (var id = 0L; id < 10; id++)
        {
            Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", id), default)).Succeeded);
        }

        await ClusterNode.Until(() => Volatile.Read(ref failed) > 2, () => "it is not tried again");
        Assert.Single(told.Lines, line => line.Contains("no checkpoint could be taken", StringComparison.Ordinal));
        world.Files.Faults.CapacityBytes = long.MaxValue;
        await ClusterNode.Until(() => told.Has(" taken, "), () => "none is taken");
    }

    [Fact]
    public async Task A_member_whose_arbiter_has_forgotten_everything_says_why_nobody_becomes_active()
    {
        var files = new MemoryFileSystem();
        Assert.True((await files.CreateDirectoryAsync("/arbiter", default)).Succeeded);
        await Life(files, _ => true);
        await Empty("/arbiter");
        await Life(files, told => told.Has("it has lost its memory"), isActive: false);

        async Task Empty(string folder)
        {
            foreach (var entry in (await files.ListAsync(folder, default))!)
            {
                if (entry.IsDirectory)
                {
                    await Empty($"{folder}/{entry.Name}");
                }
                else
                {
                    await files.DeleteAsync($"{folder}/{entry.Name}", default);
                }
            }
        }
    }

    /// <summary>A member's process, until it has told something.</summary>
    private static async Task<ToldLines> Life(MemoryFileSystem files, Func<ToldLines, bool> enough, bool isActive = true)
    {
        var defaults = ConfigurationReader.Read(new()).Configuration!;
        var configuration = defaults with
        {
            DataPath = "/data",
            Host = "127.0.0.1",
            Port = 0,
            MetricsPort = 0,
            CheckpointLogBytes = 1,
            StopTimeout = TimeSpan.FromSeconds(1),
            Log = defaults.Log with { FileBytes = 1 << 20 },
            Cluster = new("test", "dir:/arbiter", "token", 0, Forwarding: true, Reads: false),
        };
        var told = new ToldLines();
        using var stop = new CancellationTokenSource();
        await using var output = new StringWriter();
        var running = ClusterHost.RunAsync(configuration, files, life: null, told, output, stop.Token);
        await ClusterNode.Until(() => (enough(told) && told.Has("this node is active") == isActive) || running.IsCompleted, () => string.Join('\n', told.Lines));
        await stop.CancelAsync();
        Assert.True((await running).TryGet(out var end, out var failure), $"{failure}");
        Assert.Equal(ClusterEnd.Asked, end);
        return told;
    }
}
