using Elanus.Primitives;
using Elanus.Roles;

namespace Elanus.Server.Tests;

/// <summary>When a node's checkpoints are tried again, and which of them go.</summary>
public sealed class CheckpointKeeperTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_checkpoint_that_found_no_room_is_tried_again_though_nothing_is_logged()
    {
        await using var world = await NodeWorld.Start(
            new() { DataPath = "/data", Log = new() { SegmentBytes = 4 << 20 }, Checkpoints = new() { LogBytesMin = 32 << 10, RecordBytesMin = 4 << 10 } },
            new QuickRetries());
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

    /// <summary>The real time, but a checkpoint that failed is tried again at once.</summary>
    private sealed class QuickRetries : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == CheckpointKeeper.RetryPeriod ? TimeSpan.FromMilliseconds(20) : dueTime, period);
    }
}
