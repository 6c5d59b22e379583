namespace Elanus.Simulation.Tests;

public sealed class SimulationLoopTests
{
    private const long Second = TimeSpan.TicksPerSecond;

    [Fact]
    public void Time_moves_to_the_next_alarm_and_no_further()
    {
        var loop = new SimulationLoop(1);
        var process = loop.Process("one");
        var seen = new List<long>();
        process.Begin(async () =>
        {
            await Task.Delay(TimeSpan.FromHours(1), process.Clock);
            seen.Add(loop.Now / Second);
            using var timer = new PeriodicTimer(TimeSpan.FromHours(2), process.Clock);
            await timer.WaitForNextTickAsync();
            seen.Add(loop.Now / Second);
        });
        Assert.True(loop.Run(() => seen.Count == 2, 5 * 3600 * Second));
        Assert.Equal(new long[] { 3600, 3 * 3600 }, seen);
        Assert.False(loop.Run(() => false, 6 * 3600 * Second));
        Assert.Equal(6 * 3600, loop.Now / Second);
    }

    [Fact]
    public void Steps_that_are_ready_run_in_an_order_that_the_seed_decides()
    {
        var orders = Enumerable.Range(1, 20).Select(seed => string.Concat(Order((ulong)seed))).ToList();
        Assert.True(orders.Distinct().Count() > 10, "twenty seeds gave fewer than eleven orders");
        Assert.Equal(orders, Enumerable.Range(1, 20).Select(seed => string.Concat(Order((ulong)seed))));
    }

    [Fact]
    public void A_process_that_ends_runs_nothing_more()
    {
        var loop = new SimulationLoop(1);
        var process = loop.Process("one");
        var ran = 0;
        process.Begin(async () =>
        {
            while (true)
            {
                await process.Delay(10);
                ran++;
            }
        });
        loop.Run(() => ran == 3, Second);
        process.End();
        loop.Run(() => false, Second);
        Assert.Equal(3, ran);
    }

    [Fact]
    public void A_held_process_stands_still_and_others_do_not()
    {
        var loop = new SimulationLoop(1);
        var (held, free) = (loop.Process("held"), loop.Process("free"));
        var (heldAt, freeAt) = (0L, 0L);
        held.Begin(async () =>
        {
            await held.Delay(10);
            heldAt = loop.Now;
        });
        free.Begin(async () =>
        {
            await free.Delay(10);
            freeAt = loop.Now;
        });
        held.Hold(Second);
        loop.Run(() => false, 2 * Second);
        Assert.InRange(freeAt, 1, Second / 10);
        Assert.InRange(heldAt, Second, 2 * Second);
    }

    [Fact]
    public void Work_that_comes_back_from_the_thread_pool_fails_the_run()
    {
        var loop = new SimulationLoop(1);
        var process = loop.Process("one");
        var other = new Thread(() => process.Post(_ => Assert.Fail("it ran"), null));
        other.Start();
        other.Join();
        var fault = Assert.Throws<SimulationFaultException>(() => loop.Run(() => false, Second));
        Assert.Contains("a continuation of one came back from another thread", fault.Message, StringComparison.Ordinal);
    }

    private static List<int> Order(ulong seed)
    {
        var loop = new SimulationLoop(seed);
        var process = loop.Process("one");
        var order = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            var number = i;
            process.Begin(() =>
            {
                order.Add(number);
                return Task.CompletedTask;
            });
        }

        loop.Run(() => order.Count == 5, Second);
        return order;
    }
}
