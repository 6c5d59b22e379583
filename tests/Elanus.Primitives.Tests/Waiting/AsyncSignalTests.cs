using Elanus.Primitives;

namespace Elanus.Primitives.Tests;

public sealed class AsyncSignalTests
{
    [Fact]
    public void Set_before_the_wait_it_ends_one_wait_however_often_it_was_set() => OneThread.Run(async thread =>
    {
        var signal = new AsyncSignal();
        signal.Set();
        signal.Set();
        Assert.True(Wait(signal).IsCompletedSuccessfully);
        var waiting = Wait(signal);
        Assert.False(waiting.IsCompleted);
        thread.Later(signal.Set);
        await waiting;
        Assert.False(Wait(signal).IsCompleted);
    });

    [Fact]
    public void The_waiter_comes_back_to_its_own_thread_and_never_within_the_set() => OneThread.Run(async thread =>
    {
        var signal = new AsyncSignal();
        var setting = false;
        for (var i = 0; i < 3; i++)
        {
            thread.Later(() =>
            {
                setting = true;
                signal.Set();
                setting = false;
            });
            await signal.WaitAsync();
            Assert.False(setting);
        }
    });

    [Fact]
    public void Two_waiters_are_a_bug()
    {
        var signal = new AsyncSignal();
        var first = Wait(signal);
        Assert.Throws<InvariantBrokenException>(() =>
        {
            _ = signal.WaitAsync().AsTask();
        });
        Assert.False(first.IsCompleted);
    }

    /// <summary>A set that was lost between two threads would leave the consumer waiting for ever.</summary>
    [Fact]
    public async Task No_set_is_lost_between_threads()
    {
        const int Items = 200_000;
        var signal = new AsyncSignal();
        var produced = 0;
        var consuming = Task.Run(async () =>
        {
            var consumed = 0;
            while (consumed < Items)
            {
                consumed = Math.Max(consumed, Volatile.Read(ref produced));
                if (consumed < Items)
                {
                    await signal.WaitAsync();
                }
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Items / 2; i++)
            {
                Interlocked.Increment(ref produced);
                signal.Set();
            }
        })));
        await consuming.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static async Task Wait(AsyncSignal signal) => await signal.WaitAsync();
}
