using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace Elanus.Server;

/// <summary>
/// Runs a server as a child process and starts it again after any end that nobody asked for. An end was asked for when the supervisor was told to
/// stop, or when the server ended with 0. A first start that fails before the server serves, or a configuration that is refused, ends the supervisor with the same code:
/// trying again would not help. A server that was asked to stop and does not end in time is killed: what it has answered is on disk.
/// </summary>
/// <param name="server">Starts the next server.</param>
/// <param name="tellEpochEnded">Tells the others that the process of an epoch has ended.</param>
/// <param name="endPatience">How long a server may take to end that was asked to.</param>
/// <param name="complaints">Takes what an operator should read.</param>
/// <param name="time">The clock.</param>
public sealed partial class Supervisor(
    Func<ProcessStartInfo> server, Func<SupervisedEpoch, CancellationToken, Task> tellEpochEnded, TimeSpan endPatience, TextWriter complaints, TimeProvider time)
{
    /// <summary>The exit code of a server whose configuration was refused.</summary>
    public const int Misconfigured = 2;

    /// <summary>The exit code of a server that is to be started again at once: what it has copied takes effect then.</summary>
    public const int StartsAgain = 75;

    /// <summary>The exit code of a server whose epoch another node has ended: it handed over, or was taken for dead. It is started again, as a standby.</summary>
    public const int Overtaken = 76;

    /// <summary>The exit code of a server that was killed (SIGKILL): whoever did that, it is no failure to start.</summary>
    private const int Killed = 128 + 9;

    private const int CannotStart = 1;

    /// <summary>How long the others are told; the server is started again meanwhile.</summary>
    private static readonly TimeSpan TellPatience = TimeSpan.FromSeconds(2);

    private const int SigKill = 9;
    private const int SigTerm = 15;
    private const int SigCont = 18;

    private readonly RestartBackoff backoff = new();

    /// <summary>Runs until <paramref name="stop"/>, which is passed on to the server and waits for its end. Answers the exit code.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        var (servedOnce, told) = (false, Task.CompletedTask);
        while (true)
        {
            var started = time.GetTimestamp();
            var (code, telling, served) = await RunOnce(stop);
            told = Task.WhenAll(told, telling);
            servedOnce |= served || code is StartsAgain or Overtaken or Killed || time.GetElapsedTime(started) >= RestartBackoff.HealthyRun;
            if (stop.IsCancellationRequested || code is 0 or Misconfigured || !servedOnce)
            {
                if (code > 128 && !stop.IsCancellationRequested)
                {
                    // It had no time to say anything itself.
                    await complaints.WriteLineAsync($"elanus: the server ended with signal {code - 128} before it served anything");
                }

                await told;

                // A server that was about to be started again when it was asked to stop has stopped.
                return stop.IsCancellationRequested && code is StartsAgain or Overtaken ? 0 : code;
            }

            // Who was overtaken has not failed: that it follows soon is what the set waits for.
            var wait = code == Overtaken ? TimeSpan.Zero : backoff.After(time.GetElapsedTime(started), code == Killed);
            await complaints.WriteLineAsync($"elanus: {Reason(code)}{(wait > TimeSpan.Zero ? $" in {wait.TotalMilliseconds:0} ms" : "")}");
            if (wait > TimeSpan.Zero)
            {
                await Task.WhenAny(Task.Delay(wait, time, stop));
            }

            if (stop.IsCancellationRequested)
            {
                await told;
                return 0;
            }
        }
    }

    /// <summary>One life of the server: its exit code, the telling of its epoch's end, which has begun, and whether it served.</summary>
    private async Task<(int Code, Task Telling, bool Served)> RunOnce(CancellationToken stop)
    {
        using var lifeline = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.Inheritable);
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
        using var mutex = LifeMutex.Create();
        var start = server();
        start.Environment[SupervisedLife.Variable] = $"{lifeline.GetClientHandleAsString()},{pipe.GetClientHandleAsString()}";
        start.Environment[SupervisedLife.MutexVariable] = mutex?.Handle ?? "";
        using var process = await Started(start);
        if (process is null)
        {
            return (CannotStart, Task.CompletedTask, false);
        }

        lifeline.DisposeLocalCopyOfClientHandle();
        pipe.DisposeLocalCopyOfClientHandle();

        var reports = new Reports();
        var reading = Read(pipe, reports);
        var gone = EndOf(process, stop);
        await Task.WhenAny(gone, mutex is null ? gone : EndsEarly(reports, mutex));
        var early = reports.Last;
        var telling = early is null ? Task.CompletedTask : Tell(early);
        await gone;
        await reading;

        // What it said last of all may have been read only now.
        telling = reports.Last is { } last && last != early ? Task.WhenAll(telling, Tell(last)) : telling;
        return (process.ExitCode, telling, reports.Served);
    }

    /// <summary>Waits for the server's end, and sees to it where <paramref name="stop"/> asks for it.</summary>
    private async Task EndOf(Process process, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var gone = process.WaitForExitAsync(CancellationToken.None);
        if (await Task.WhenAny(gone, Task.Delay(Timeout.InfiniteTimeSpan, time, ended.Token)) != gone)
        {
            _ = Kill(process.Id, SigTerm);

            // A process that somebody has stopped takes a signal only once it goes on.
            _ = Kill(process.Id, SigCont);
            if (await Task.WhenAny(gone, Task.Delay(endPatience, time, CancellationToken.None)) != gone)
            {
                await complaints.WriteLineAsync($"elanus: the server did not end within {endPatience.TotalSeconds:0} s after it was asked to, and is killed; nothing that it answered is lost");
                _ = Kill(process.Id, SigKill);
            }
        }

        await gone;
        await ended.CancelAsync();
    }

    /// <summary>Null, and said, where the system has no process to give just now.</summary>
    private async Task<Process?> Started(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception refused)
        {
            await complaints.WriteLineAsync($"elanus: the server could not be started: {refused.Message}");
            return null;
        }
    }

    private static async Task EndsEarly(Reports reports, LifeMutex mutex)
    {
        await reports.Holding;
        await mutex.OwnerEnds();
    }

    /// <summary>Reads what the server reports, to the end of the pipe, which is the end of the process.</summary>
    private static async Task Read(Stream pipe, Reports reports)
    {
        using var lines = new StreamReader(pipe);
        while (await lines.ReadLineAsync() is { } line)
        {
            reports.Take(line);
        }
    }

    private async Task Tell(SupervisedEpoch epoch)
    {
        using var patience = new CancellationTokenSource(TellPatience, time);
        try
        {
            await tellEpochEnded(epoch, patience.Token);
        }
        catch (Exception why) when (why is not OperationCanceledException)
        {
            await complaints.WriteLineAsync($"elanus: the others could not be told that {epoch.Epoch} has ended ({why.Message}); they will notice by themselves");
        }
        catch (OperationCanceledException)
        {
            await complaints.WriteLineAsync($"elanus: not everybody could be told within {TellPatience.TotalSeconds:0} s that {epoch.Epoch} has ended; they will notice by themselves");
        }
    }

    private static string Reason(int code) => code switch
    {
        Overtaken => "another node is the active now; starting the server again as its standby",
        StartsAgain => "the server has copied the active's state; starting it again with that",
        > 128 => $"the server ended with signal {code - 128}; starting it again",
        _ => $"the server ended with exit code {code}; starting it again",
    };

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    /// <summary>What a server has said of itself. One reads it while another adds to it.</summary>
    private sealed class Reports
    {
        private readonly TaskCompletionSource holding = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile SupervisedEpoch? last;

        /// <summary>The last epoch of which it said that it ends with it.</summary>
        public SupervisedEpoch? Last => last;

        public bool Served { get; private set; }

        /// <summary>Completes when the server holds the mutex that says that it lives.</summary>
        public Task Holding => holding.Task;

        public void Take(string line)
        {
            if (line == SupervisedLife.Holding)
            {
                holding.TrySetResult();
                return;
            }

            Served = true;
            last = line == SupervisedLife.Serving ? last : SupervisedEpoch.Read(line);
        }
    }
}
