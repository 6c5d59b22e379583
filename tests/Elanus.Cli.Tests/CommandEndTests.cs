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

    [Theory]
    [InlineData("healthz", "--role", "leader")]
    [InlineData("healthz", "--timeout", "soon")]
    [InlineData("healthz", "--no-such-flag", "x")]
    [InlineData("healthz", "--address", "nowhere")]
    public async Task A_question_for_a_node_s_health_that_cannot_be_asked_is_not_answered_with_another_role(params string[] words)
    {
        using var errors = new StringWriter();
        using var output = new StringWriter();
        var parsed = CommandLine.Create(new Elanus.Primitives.RealFileSystem()).Parse(words);
        Assert.Equal(2, await CommandEnd.Of(parsed, new InvocationConfiguration { Error = errors, Output = output }, () => null, default));
        Assert.NotEmpty(errors.ToString());
    }

    [Fact]
    public async Task A_fault_gives_a_code_that_is_no_answer_of_the_command()
    {
        var (code, said) = await End("elanus", _ => throw new InvalidOperationException("no socket"), null, default, leaf: "healthz");
        Assert.Equal(2, code);
        Assert.Contains("no socket", said, StringComparison.Ordinal);
        (code, _) = await End("elanus", _ => throw new InvalidOperationException("no socket"), null, default);
        Assert.Equal(1, code);
    }

    private static async Task<int> Timeless(CancellationToken cancel)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
        return 0;
    }

    private static async Task<(int Code, string Said)> End(string parent, Func<CancellationToken, Task<int>> action, PosixSignal? signal, CancellationToken stop, string leaf = "leaf")
    {
        var command = new Command(leaf);
        command.SetAction((_, cancel) => action(cancel));
        using var errors = new StringWriter { NewLine = "\n" };
        var code = await CommandEnd.Of(new RootCommand { new Command(parent) { command } }.Parse([parent, leaf]), new InvocationConfiguration { Error = errors }, () => signal, stop);
        return (code, errors.ToString());
    }
}
