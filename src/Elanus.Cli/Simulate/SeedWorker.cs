#pragma warning disable RS0030 // Its input is read beside the seed that it runs, which fills its only other thread.
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Elanus.Primitives;
using Elanus.Simulation;

namespace Elanus.Cli;

/// <summary>
/// A process that runs seeds for another one, a core each: seeds on threads of one process stop each other for every collection, which then finds the half-run worlds of all
/// of them alive. It reads a seed a line and answers each with a line; it ends with its input. One thread asks it.
/// </summary>
internal sealed class SeedWorker : IDisposable
{
    /// <summary>The hidden option of <c>elanus simulate</c> that makes a worker of it.</summary>
    public const string Option = "--worker";

    private readonly Process process;
    private readonly CancellationToken stop;

    /// <param name="nodes">Nodes of a seed.</param>
    /// <param name="stop">From then on an end of the process is no finding.</param>
    public SeedWorker(int nodes, CancellationToken stop)
    {
        this.stop = stop;
        process = new()
        {
            StartInfo = new(OwnProgram.Command[0], [.. OwnProgram.Command.Skip(1), "simulate", Option, "--nodes", nodes.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            },
        };
        Invariant.Holds(process.Start(), "this program cannot start itself");
    }

    /// <summary>Processor time that it has used, at its last answer.</summary>
    public TimeSpan ProcessorTime { get; private set; }

    /// <summary>Runs a seed. Blocks; null where the process was ended with everything else before the seed was.</summary>
    public SeedOutcome? Run(ulong seed)
    {
        string? answer = null;
        try
        {
            process.StandardInput.WriteLine(seed);
            process.StandardInput.Flush();
            answer = process.StandardOutput.ReadLine();
        }
        catch (IOException)
        {
            // It is gone, which the missing answer says too.
        }

        if (answer is not null)
        {
            var (outcome, used) = JsonSerializer.Deserialize<Answer>(answer)!;
            ProcessorTime = used;
            return outcome;
        }

        process.WaitForExit();
        return stop.IsCancellationRequested ? null : new(seed, $"the process that ran it ended with exit code {process.ExitCode}", 0, 0, 0, 0, 0, 0, 0, 0);
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    /// <summary>The other side: serves until its input ends. Where that ends in the middle of a seed, whoever wanted the answer is gone.</summary>
    /// <param name="nodes">Nodes of a seed.</param>
    /// <param name="seeds">A seed a line; the next one comes when the last one is answered.</param>
    /// <param name="answers">An answer a line.</param>
    /// <param name="nobodyWaits">Called where the input ends before the answer, on another thread: a seed may never end.</param>
    public static void Serve(int nodes, TextReader seeds, TextWriter answers, Action nobodyWaits)
    {
        using var asked = new BlockingCollection<string>();
        var isBusy = false;
        new Thread(Read) { IsBackground = true, Name = "seeds" }.Start();
        foreach (var seed in asked.GetConsumingEnumerable())
        {
            var outcome = SeedRun.Of(ulong.Parse(seed, CultureInfo.InvariantCulture), new() { Nodes = nodes });
            Volatile.Write(ref isBusy, false);
            answers.WriteLine(JsonSerializer.Serialize(new Answer(outcome, Environment.CpuUsage.TotalTime)));
            answers.Flush();

            // Nothing of the seed is alive now, so this costs next to nothing; in the middle of one everything is.
            GC.Collect(0);
        }

        void Read()
        {
            while (seeds.ReadLine() is { } seed)
            {
                Volatile.Write(ref isBusy, true);
                asked.Add(seed);
            }

            if (Volatile.Read(ref isBusy))
            {
                nobodyWaits();
            }

            asked.CompleteAdding();
        }
    }

    /// <summary>A line of a worker.</summary>
    internal sealed record Answer(SeedOutcome Outcome, TimeSpan ProcessorTime);
}
