using System.IO.Pipes;

namespace Elanus.Server;

/// <summary>
/// The server's end of the two pipes to its supervisor: one whose closing says that the supervisor is gone, one that takes what the
/// supervisor is to know. Their handles come in an environment variable. Any thread.
/// </summary>
public sealed class SupervisedLife : IDisposable
{
    public const string Variable = "ELANUS_SUPERVISED";

    /// <summary>The handle of the mutex that the server holds while it lives.</summary>
    public const string MutexVariable = "ELANUS_SUPERVISED_LIFE";

    /// <summary>The report of a server that holds that mutex.</summary>
    public const string Holding = "holding";

    /// <summary>The report of a server that serves, as active or standby: what ends it from then on is no failure to start.</summary>
    public const string Serving = "serving";

    private readonly Lock gate = new();
    private readonly AnonymousPipeClientStream lifeline;
    private readonly StreamWriter reports;

    private SupervisedLife(AnonymousPipeClientStream lifeline, AnonymousPipeClientStream reports)
    {
        this.lifeline = lifeline;
        this.reports = new(reports) { AutoFlush = true };
        SupervisorGone = Watch();
    }

    /// <summary>Whether a supervisor started this process.</summary>
    public static bool IsSupervised => Environment.GetEnvironmentVariable(Variable) is not null;

    /// <summary>Completes when the supervisor has ended; the server ends then too.</summary>
    public Task SupervisorGone { get; }

    /// <summary>The pipes of this process, or null where no supervisor started it.</summary>
    public static SupervisedLife? FromEnvironment()
    {
        var handles = Environment.GetEnvironmentVariable(Variable)?.Split(',');
        if (handles is not { Length: 2 })
        {
            return null;
        }

        var life = new SupervisedLife(new(PipeDirection.In, handles[0]), new(PipeDirection.Out, handles[1]));
        LifeMutex.Hold(Environment.GetEnvironmentVariable(MutexVariable) ?? "", () => life.Say(Holding));
        return life;
    }

    /// <summary>Says which epoch ends with this process.</summary>
    public void Report(SupervisedEpoch epoch) => Say(epoch.Line());

    /// <summary>Says that this process serves.</summary>
    public void ReportServing() => Say(Serving);

    private void Say(string report)
    {
        try
        {
            lock (gate)
            {
                reports.WriteLine(report);
            }
        }
        catch (Exception over) when (over is IOException or ObjectDisposedException)
        {
            // The supervisor has just gone, SupervisorGone says so and ends the server; or the server is at its end.
        }
    }

    public void Dispose()
    {
        lifeline.Dispose();
        lock (gate)
        {
            reports.Dispose();
        }
    }

    private async Task Watch()
    {
        var nothing = new byte[1];
        while (await lifeline.ReadAsync(nothing) > 0)
        {
        }
    }
}
