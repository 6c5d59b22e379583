using Elanus.Primitives;

namespace Elanus.Primitives.Tests;

public sealed class AsyncGateTests
{
    [Fact]
    public void One_is_in_at_a_time_in_the_order_of_the_calls() => OneThread.Run(async _ =>
    {
        var gate = new AsyncGate();
        var order = new List<int>();
        var inside = 0;
        await Waits.All(Enumerable.Range(0, 5).Select(async number =>
        {
            await gate.EnterAsync(default);
            Assert.Equal(1, ++inside);
            await Task.Yield();
            order.Add(number);
            inside--;
            gate.Leave();
        }).ToList());
        Assert.Equal(new[] { 0, 1, 2, 3, 4 }, order);
    });

    [Fact]
    public void Who_is_cancelled_leaves_the_line_and_the_next_gets_in() => OneThread.Run(async _ =>
    {
        var gate = new AsyncGate();
        using var cancel = new CancellationTokenSource();
        await gate.EnterAsync(default);
        var gone = gate.EnterAsync(cancel.Token).AsTask();
        var next = gate.EnterAsync(default).AsTask();
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        gate.Leave();
        await next;
        gate.Leave();
        await gate.EnterAsync(default);
    });

    [Fact]
    public void A_gate_left_by_nobody_is_a_bug() => Assert.Throws<InvariantBrokenException>(new AsyncGate().Leave);
}
