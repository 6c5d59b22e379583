using Elanus.Primitives;

namespace Elanus.Primitives.Tests;

public sealed class WaitsTests
{
    [Fact]
    public void A_wait_with_a_token_ends_with_the_task_and_never_leaves_the_thread() => OneThread.Run(async thread =>
    {
        using var cancel = new CancellationTokenSource();
        var source = Source();
        thread.Later(() => source.SetResult(7));
        Assert.Equal(7, await source.Task.Until(cancel.Token));
        var patient = Source();
        thread.Later(() => patient.SetResult(8));
        await patient.Task.Within(TimeSpan.FromMinutes(1), TimeProvider.System, cancel.Token);
    });

    [Fact]
    public void A_wait_is_cancelled_while_the_task_goes_on() => OneThread.Run(async thread =>
    {
        using var cancel = new CancellationTokenSource();
        var source = Source();
        thread.Later(cancel.Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.Task.Until(cancel.Token));
        Assert.False(source.Task.IsCompleted);
    });

    [Fact]
    public void The_first_of_several_is_named_and_a_failed_one_does_not_throw() => OneThread.Run(async thread =>
    {
        var (slow, failing) = (Source(), Source());
        thread.Later(() => failing.SetException(new InvalidOperationException("broken")));
        Assert.Equal(1, await Waits.First(slow.Task, failing.Task));
        slow.SetResult(1);
        Assert.Equal(0, await Waits.First(slow.Task, failing.Task));
    });

    [Fact]
    public void All_answers_come_in_the_order_of_the_tasks() => OneThread.Run(async thread =>
    {
        var (one, two) = (Source(), Source());
        thread.Later(() => two.SetResult(2));
        thread.Later(() => one.SetResult(1));
        Assert.Equal(new[] { 1, 2 }, await Waits.All([one.Task, two.Task]));
    });

    private static TaskCompletionSource<int> Source() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
