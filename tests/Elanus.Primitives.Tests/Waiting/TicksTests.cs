namespace Elanus.Primitives.Tests;

public sealed class TicksTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Ticks_that_come_while_nobody_waits_count_once() => OneThread.Run(async thread =>
    {
        var bell = new Bell();
        using var ticks = new Ticks(Second, bell, default);
        bell.Ring();
        bell.Ring();
        Assert.True(await ticks.Next());
        var next = ticks.Next();
        Assert.False(next.IsCompleted);
        thread.Later(bell.Ring);
        Assert.True(await next);
    });

    [Fact]
    public void Cancelled_it_answers_so_whether_somebody_waits_or_not() => OneThread.Run(async thread =>
    {
        using var cancel = new CancellationTokenSource();
        using var ticks = new Ticks(Second, new Bell(), cancel.Token);
        var next = ticks.Next();
        thread.Later(cancel.Cancel);
        Assert.False(await next);
        Assert.False(await ticks.Next());

        using var late = new Ticks(Second, new Bell(), cancel.Token);
        Assert.False(await late.Next());
    });

    [Fact]
    public void A_period_that_is_begun_anew_has_the_length_given()
    {
        var bell = new Bell();
        using var ticks = new Ticks(Second, bell, default);
        ticks.Restart(2 * Second);
        Assert.Equal([(Second, Second), (2 * Second, 2 * Second)], bell.Settings);
    }

    /// <summary>One timer, which rings when it is told to.</summary>
    private sealed class Bell : TimeProvider, ITimer
    {
        private Action ring = () => { };

        public List<(TimeSpan Due, TimeSpan Period)> Settings { get; } = [];

        public void Ring() => ring();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ring = () => callback(state);
            Settings.Add((dueTime, period));
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Settings.Add((dueTime, period));
            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
