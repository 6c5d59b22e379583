using System.Diagnostics;
using Elanus.Server;

namespace Elanus.Server.Tests;

/// <summary>The supervisor over real processes: shell scripts in the server's place.</summary>
public sealed class SupervisorTests : IDisposable
{
    /// <summary>Says, as a server does, that it became active under the epoch of this number.</summary>
    private const string ReportEpoch = "report() { echo \"{\\\"node\\\":1,\\\"number\\\":$1,\\\"claimHigh\\\":7,\\\"claimLow\\\":8,\\\"peers\\\":[\\\"h:1\\\"]}\" >&${ELANUS_SUPERVISED#*,}; }; ";

    private readonly string folder = Directory.CreateTempSubdirectory("elanus-supervisor-").FullName;
    private readonly List<SupervisedEpoch> told = [];
    private readonly StringWriter complaints = new();
    private TimeSpan endPatience = TimeSpan.FromSeconds(20);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void An_epoch_is_told_in_one_line()
    {
        var told = new SupervisedEpoch(new(ulong.MaxValue), new(5, new(ulong.MaxValue, 1)), ["a:1", "[::1]:2"]);
        var line = told.Line();
        Assert.DoesNotContain('\n', line);
        var read = SupervisedEpoch.Read(line);
        Assert.Equal((told.Node, told.Epoch), (read.Node, read.Epoch));
        Assert.Equal(told.Peers, read.Peers);
    }

    [Fact]
    public async Task A_killed_server_is_started_again_and_its_epoch_is_told()
    {
        var code = await Run("echo run >> runs; n=$(wc -l < runs); report $n; [ $n -ge 3 ] && exit 0; kill -9 $$", CancellationToken.None);

        Assert.Equal(0, code);
        Assert.Equal(3, (await File.ReadAllLinesAsync(Path.Combine(folder, "runs"))).Length);
        Assert.Equal([1UL, 2UL, 3UL], told.Select(epoch => epoch.Epoch.Number));
        Assert.Contains("ended with signal 9", complaints.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_was_overtaken_is_started_again_at_once_and_that_is_not_worded_as_a_failure()
    {
        Assert.Equal(0, await Run("echo run >> runs; n=$(wc -l < runs); report $n; [ $n -ge 4 ] && exit 0; exit 76", CancellationToken.None));
        Assert.Equal(4, (await File.ReadAllLinesAsync(Path.Combine(folder, "runs"))).Length);
        Assert.Equal(3, complaints.ToString().Split("elanus: another node is the active now; starting the server again as its standby\n").Length - 1);
        Assert.DoesNotContain("exit code", complaints.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(" ms", complaints.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_first_start_that_fails_is_not_repeated(int exit)
    {
        Assert.Equal(exit, await Run($"echo run >> runs; exit {exit}", CancellationToken.None));
        Assert.Single(await File.ReadAllLinesAsync(Path.Combine(folder, "runs")));
    }

    [Fact]
    public async Task A_standby_that_ends_soon_after_it_served_is_started_again()
    {
        // One that found a damaged segment file behind its reads: the next start repairs it.
        Assert.Equal(0, await Run($"echo run >> runs; [ $(wc -l < runs) -ge 2 ] && exit 0; echo {SupervisedLife.Serving} >&${{ELANUS_SUPERVISED#*,}}; exit 1", CancellationToken.None));
        Assert.Equal(2, (await File.ReadAllLinesAsync(Path.Combine(folder, "runs"))).Length);
        Assert.Empty(told);
    }

    [Fact]
    public async Task A_refused_configuration_ends_it_even_after_a_healthy_run()
    {
        Assert.Equal(2, await Run("echo run >> runs; [ $(wc -l < runs) -ge 2 ] && exit 2; report 1; exit 1", CancellationToken.None));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Supervisor.Overtaken)]
    [InlineData(Supervisor.StartsAgain)]
    public async Task A_stop_is_passed_on_and_waited_for_also_where_the_server_was_to_be_started_again(int ends)
    {
        using var stop = new CancellationTokenSource();
        var running = Run($"trap 'echo drained > drained; exit {ends}' TERM; report 1; echo up > up; while :; do sleep 0.05; done", stop.Token);
        await Until(() => File.Exists(Path.Combine(folder, "up")));
        await stop.CancelAsync();

        Assert.Equal(0, await running);
        Assert.True(File.Exists(Path.Combine(folder, "drained")));
    }

    [Fact]
    public async Task A_stop_reaches_a_server_that_somebody_has_stopped()
    {
        using var stop = new CancellationTokenSource();
        var running = Run("trap 'exit 0' TERM; report 1; echo $$ > up.part; mv up.part up; while :; do sleep 0.05; done", stop.Token);
        await Until(() => File.Exists(Path.Combine(folder, "up")));
        using (var stopper = Process.Start("kill", ["-STOP", (await File.ReadAllTextAsync(Path.Combine(folder, "up"))).Trim()]))
        {
            await stopper.WaitForExitAsync();
        }

        await stop.CancelAsync();
        Assert.Equal(0, await running);
        Assert.Empty(complaints.ToString());
    }

    [Fact]
    public async Task A_server_that_does_not_end_when_it_is_asked_to_is_killed()
    {
        endPatience = TimeSpan.FromMilliseconds(200);
        using var stop = new CancellationTokenSource();
        var running = Run("trap '' TERM; report 1; echo up > up; while :; do sleep 0.05; done", stop.Token);
        await Until(() => File.Exists(Path.Combine(folder, "up")));
        await stop.CancelAsync();

        Assert.Equal(128 + 9, await running);
        Assert.Contains("did not end within 0 s after it was asked to, and is killed", complaints.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_whose_lifeline_is_held_reads_no_end_of_it()
    {
        // `read` answers above 128 when its time is up, and 1 at the end of the pipe.
        Assert.Equal(0, await Run("read -t 0.2 -u ${ELANUS_SUPERVISED%,*}; [ $? -gt 128 ]", CancellationToken.None));
    }

    [Fact]
    public async Task The_end_of_an_epoch_is_told_when_its_process_begins_to_end_and_once()
    {
        // The script cannot hold the mutex; a thread of this process does, and the kernel does not tell the end of a thread from that of its process.
        using var ends = new ManualResetEvent(false);
        var running = Run(
            $"echo run >> runs; [ $(wc -l < runs) -ge 2 ] && exit 0; report 5; printenv {SupervisedLife.MutexVariable} > handle; mv handle mutex; while ! [ -e held ]; do sleep 0.01; done; "
            + $"echo {SupervisedLife.Holding} >&${{ELANUS_SUPERVISED#*,}}; while ! [ -e over ]; do sleep 0.01; done; kill -9 $$",
            CancellationToken.None);
        await Until(() => File.Exists(Path.Combine(folder, "mutex")));
        LifeMutex.Hold(await File.ReadAllTextAsync(Path.Combine(folder, "mutex")), () => File.WriteAllText(Path.Combine(folder, "held"), ""), ends);
        await Until(() => File.Exists(Path.Combine(folder, "held")));
        Assert.Empty(told);
        ends.Set();

        // The process itself still runs.
        await Until(() => told.Count > 0);
        Assert.False(running.IsCompleted);
        await File.WriteAllTextAsync(Path.Combine(folder, "over"), "");
        Assert.Equal(0, await running);
        Assert.Equal(5UL, Assert.Single(told).Epoch.Number);
    }

    [Fact]
    public void Waits_grow_are_bounded_and_forget_after_a_healthy_run()
    {
        var backoff = new RestartBackoff();
        var waits = Enumerable.Range(0, 10).Select(_ => backoff.After(TimeSpan.FromSeconds(1), killed: false).TotalMilliseconds).ToList();

        Assert.Equal([0, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000], waits);
        Assert.Equal(TimeSpan.Zero, backoff.After(RestartBackoff.HealthyRun, killed: false));
    }

    [Fact]
    public void Who_is_killed_again_and_again_does_not_wait_longer_each_time()
    {
        var backoff = new RestartBackoff();
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(TimeSpan.Zero, backoff.After(TimeSpan.FromSeconds(1), killed: true)));

        // Nor does it make the server forget that it fails by itself.
        var waits = new[] { false, false, true, false, true, false }.Select(killed => backoff.After(TimeSpan.FromSeconds(1), killed).TotalMilliseconds);
        Assert.Equal([0, 100, 100, 200, 100, 400], waits);
    }

    private Task<int> Run(string script, CancellationToken stop) => new Supervisor(
        () => new ProcessStartInfo("bash", ["-c", ReportEpoch + script]) { WorkingDirectory = folder },
        (epoch, _) =>
        {
            told.Add(epoch);
            return Task.CompletedTask;
        },
        endPatience,
        complaints,
        TimeProvider.System).RunAsync(stop);

    private static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(10, patience.Token);
        }
    }
}
