using Elanus.Log;
using Elanus.Primitives;
using Elanus.Roles;

namespace Elanus.Server.Tests;

/// <summary>When a node's checkpoints are tried again, and which of them are let go.</summary>
public sealed class CheckpointKeeperTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_checkpoint_that_found_no_room_is_tried_again_though_nothing_is_logged()
    {
        await using var world = await NodeWorld.Start(
            new() { DataPath = "/data", Log = new() { SegmentBytes = 4 << 20 }, Checkpoints = new() { LogBytesMin = 32 << 10, RecordBytesMin = 4 << 10 } },
            new ShiftedTime { Quick = CheckpointKeeper.RetryPeriod });
        await world.Collection("c");
        var failed = new TaskCompletionSource();
        var taken = new TaskCompletionSource();
        world.Node.Roles.Checkpoints.Failed += _ => failed.TrySetResult();
        world.Node.Roles.Checkpoints.Taken += (_, _) => taken.TrySetResult();
        world.Files.Faults.CapacityBytes = world.Files.UsedBytes;
        for (var id = 0L; id < 10; id++)
        {
            Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", id), default)).Succeeded);
        }

        await failed.Task.WaitAsync(Patience, TimeProvider.System);
        Assert.False(taken.Task.IsCompleted);
        var committed = world.Node.Committed;
        world.Files.Faults.CapacityBytes = long.MaxValue;
        await taken.Task.WaitAsync(Patience, TimeProvider.System);
        Assert.Equal(committed, world.Node.Committed);
    }

    [Fact]
    public async Task A_damaged_checkpoint_stays_until_the_state_has_passed_it_since_its_name_is_not_used_again()
    {
        const string Folder = "/data/checkpoints";
        await using var world = await NodeWorld.Start();
        await world.Collection("c");
        await world.Checkpoint();
        for (var id = 0L; id < 3; id++)
        {
            Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", id), default)).Succeeded);
        }

        await world.Checkpoint();
        Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", 3), default)).Succeeded);
        await world.Node.DisposeAsync();
        var damaged = (await world.Files.ListAsync(Folder, default))![^1].Name;
        await Damage(world.Files, $"{Folder}/{damaged}");

        // A member's life, record by record.
        var seams = new NodeSeams(world.Files, TimeProvider.System, new SeededRandom(3), world.Work);
        var clock = new HybridClock(seams.Time);
        await using var directory = (await DataDirectory.OpenExisting(world.Files, "/data", default)).Value;
        var options = world.Settings.Log with { CommitsAlone = false };
        await using var log = (await FileLog.StartAsync(world.Files, directory.LogPath, new(1), options, clock, seams.Time, seams.Random, watcher: null, default)).Value;
        await using var recovered = (await NodeRecovery.Run(log, directory, clock, world.Settings, seams, default)).Value;
        Assert.Contains(damaged, Assert.Single(recovered.Refused), StringComparison.Ordinal);
        Assert.True(CheckpointName.TryParse(damaged, log.Channel, out var condemned));
        var keeper = recovered.Roles.Checkpoints;
        using var stop = new CancellationTokenSource();
        var following = recovered.Roles.Follow(stop.Token);
        await TakeAt(condemned.Position.Number - 1);
        await TakeAt(condemned.Position.Number);
        using (var pin = await keeper.PinAsync(default))
        {
            Assert.Equal(condemned.Position.Number - 1, pin.Checkpoint!.Name.Position.Number);
        }

        Assert.Contains(damaged, (await world.Files.ListAsync(Folder, default))!.Select(file => file.Name));
        await TakeAt(condemned.Position.Number + 1);
        Assert.DoesNotContain(damaged, (await world.Files.ListAsync(Folder, default))!.Select(file => file.Name));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
        await recovered.Roles.DisposeAsync();

        async Task TakeAt(ulong number)
        {
            log.AdvanceCommitted(new(log.Channel, number));
            await recovered.Roles.AppliedUpTo(new(log.Channel, number), default);
            Assert.True((await keeper.Take(default)).Succeeded);
        }
    }

    private static async Task Damage(MemoryFileSystem files, string path)
    {
        await using var file = (await files.OpenAsync(path, FileIntent.ReadWrite, default))!;
        var at = await file.LengthAsync(default) / 3;
        var bytes = new byte[1];
        await file.ReadAsync(at, bytes, default);
        bytes[0] ^= 0x10;
        Assert.True((await file.WriteDurablyAsync(at, [bytes], default)).Succeeded);
    }
}
