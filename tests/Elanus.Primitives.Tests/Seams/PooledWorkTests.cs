using System.Globalization;

namespace Elanus.Primitives.Tests;

public sealed class PooledWorkTests
{
    [Theory]
    [InlineData(WorkPriority.Foreground)]
    [InlineData(WorkPriority.Background)]
    public async Task Results_faults_and_cancellations_reach_whoever_waits(WorkPriority priority)
    {
        await using var work = new PooledWork(2);
        Assert.Equal(Enumerable.Range(0, 100), await Task.WhenAll(Enumerable.Range(0, 100).Select(i => work.Run(priority, _ => i, CancellationToken.None))));
        await Assert.ThrowsAsync<FormatException>(() => work.Run<int>(priority, _ => throw new FormatException(), CancellationToken.None));
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAsync<TaskCanceledException>(() => work.Run(
            priority,
            cancel =>
            {
                stop.Cancel();
                cancel.ThrowIfCancellationRequested();
                return 0;
            },
            stop.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work.Run(priority, _ => 0, stop.Token));
    }

    [Fact]
    public async Task What_is_queued_when_it_ends_is_done_and_nothing_more_is_taken()
    {
        var work = new PooledWork(1);
        using var begin = new ManualResetEventSlim();
        var queued = Enumerable.Range(0, 10).Select(i => work.Run(
            WorkPriority.Background,
            _ =>
            {
                begin.Wait(CancellationToken.None);
                return i;
            },
            CancellationToken.None)).ToList();
        await work.DisposeAsync();
        begin.Set();
        Assert.Equal(Enumerable.Range(0, 10), await Task.WhenAll(queued));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => work.Run(WorkPriority.Background, _ => 0, CancellationToken.None));
    }

    [Fact]
    public async Task Only_background_pieces_run_on_a_thread_that_steps_back()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var work = new PooledWork(1);
        Assert.Equal(0, await work.Run(WorkPriority.Foreground, _ => Nice(), CancellationToken.None));
        Assert.True(await work.Run(WorkPriority.Background, _ => Nice(), CancellationToken.None) > 0);
        Assert.Equal(0, Nice());

        static int Nice()
        {
            const int NiceBehindName = 16;
            var stat = File.ReadAllText("/proc/thread-self/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[NiceBehindName], CultureInfo.InvariantCulture);
        }
    }
}
