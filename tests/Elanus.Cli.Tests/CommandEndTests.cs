using System.CommandLine;
using System.Runtime.InteropServices;

namespace Elanus.Cli.Tests;

public sealed class CommandEndTests
{
    [Theory]
    [InlineData(PosixSignal.SIGINT, "SIGINT", 130)]
    [InlineData(PosixSignal.SIGTERM, "SIGTERM", 143)]
    public async Task A_command_that_is_stopped_says_so_and_ends_with_the_signals_code(PosixSignal signal, string name, int expected)
    {
        using var stop = new CancellationTokenSource();
        var ending = End("bench", Timeless, signal, stop.Token);
        await stop.CancelAsync();
        Assert.Equal((expected, $"elanus: stopped by {name} before it was done\n"), await ending);
    }

    [Fact]
    public async Task A_bench_whose_calls_fail_because_it_is_stopped_shows_no_stack_trace()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var ended = await End("bench", _ => throw new InvalidOperationException("a call ended"), PosixSignal.SIGINT, stop.Token);
        Assert.Equal((130, "elanus: stopped by SIGINT before it was done (a call ended)\n"), ended);
    }

    [Fact]
    public async Task A_servers_fault_while_it_is_stopped_is_told_whole()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var (code, said) = await End("run", _ => throw new InvalidOperationException("a lock is held"), PosixSignal.SIGTERM, stop.Token);
        Assert.Equal(1, code);
        Assert.Matches("a fault of the program.*InvalidOperationException: a lock is held\\s+at ", said);
    }

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_is_told_with_where_it_happened()
    {
        var (code, said) = await End("run", _ => throw new OperationCanceledException(), null, default);
        Assert.Equal(1, code);
        Assert.Matches("a fault of the program.*OperationCanceledException.*\\s+at ", said);
    }

    private static async Task<int> Timeless(CancellationToken cancel)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
        return 0;
    }

    private static async Task<(int Code, string Said)> End(string parent, Func<CancellationToken, Task<int>> action, PosixSignal? signal, CancellationToken stop)
    {
        var leaf = new Command("leaf");
        leaf.SetAction((_, cancel) => action(cancel));
        using var errors = new StringWriter { NewLine = "\n" };
        var code = await CommandEnd.Of(new RootCommand { new Command(parent) { leaf } }.Parse([parent, "leaf"]), new InvocationConfiguration { Error = errors }, () => signal, stop);
        return (code, errors.ToString());
    }
}
