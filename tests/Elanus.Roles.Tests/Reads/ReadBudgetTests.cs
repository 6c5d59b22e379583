using Elanus.Primitives;

namespace Elanus.Roles.Tests;

public class ReadBudgetTests
{
    private const long Mebi = 1 << 20;

    [Fact]
    public async Task Who_finds_no_room_waits_in_the_order_of_the_calls()
    {
        var budget = new ReadBudget(10 * Mebi);
        var first = await Share(budget, 6 * Mebi);
        var second = budget.Take(6 * Mebi, CancellationToken.None).AsTask();
        var small = budget.Take(1 * Mebi, CancellationToken.None).AsTask();
        Assert.False(second.IsCompleted || small.IsCompleted);

        first.Dispose();
        first.Dispose();
        var held = (await second).Value!;
        var smallHeld = (await small).Value!;
        Assert.Equal(7 * Mebi, budget.Taken);
        held.Dispose();
        smallHeld.Dispose();
        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public async Task A_share_of_more_than_there_is_runs_alone()
    {
        var budget = new ReadBudget(10 * Mebi);
        var other = await Share(budget, 1 * Mebi);
        var whole = budget.Take(1000 * Mebi, CancellationToken.None).AsTask();
        Assert.False(whole.IsCompleted);
        other.Dispose();
        using var held = (await whole).Value;
        Assert.Equal(10 * Mebi, budget.Taken);
    }

    [Fact]
    public async Task Small_reads_are_not_counted_and_pass_those_that_wait()
    {
        var budget = new ReadBudget(1 * Mebi);
        using var all = await Share(budget, 1 * Mebi);
        Assert.Null((await budget.Take(ReadBudget.UncountedBytes, CancellationToken.None)).Value);
    }

    [Fact]
    public async Task Whoever_gives_up_holds_nothing_and_lets_those_behind_in()
    {
        var budget = new ReadBudget(10 * Mebi);
        var first = await Share(budget, 6 * Mebi);
        using var gone = new CancellationTokenSource();
        var large = budget.Take(10 * Mebi, gone.Token).AsTask();
        var behind = budget.Take(2 * Mebi, CancellationToken.None).AsTask();
        Assert.False(behind.IsCompleted);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        (await behind).Value!.Dispose();
        first.Dispose();
        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public async Task Too_many_that_wait_are_told_to_come_again()
    {
        var budget = new ReadBudget(1 * Mebi);
        var all = await Share(budget, 1 * Mebi);
        var waiting = Enumerable.Range(0, ReadBudget.WaitingMax).Select(_ => budget.Take(1 * Mebi, CancellationToken.None).AsTask()).ToList();
        Assert.Equal(FailureCode.TooManyRequests, (await budget.Take(1 * Mebi, CancellationToken.None)).Failure!.Code);
        all.Dispose();
        foreach (var task in waiting)
        {
            (await task).Value!.Dispose();
        }

        Assert.Equal(0, budget.Taken);
    }

    private static async Task<IDisposable> Share(ReadBudget budget, long bytes) => (await budget.Take(bytes, CancellationToken.None)).Value!;
}
