using System.Runtime.InteropServices;

namespace Elanus.Cli;

/// <summary>
/// The first SIGTERM or SIGINT asks the command to stop; a second one ends the process at once, unless it has a supervisor: whoever signals both of them (a terminal, a
/// service manager) sends one of its own beside the one that the supervisor passes on. The supervisor's end is the server's, so a second one to both still ends both.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly List<PosixSignalRegistration> registrations = [];

    public StopSignals(bool isSupervised)
    {
        foreach (var signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT })
        {
            registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = isSupervised || !stop.IsCancellationRequested;
                First ??= signal;
                stop.Cancel();
            }));
        }
    }

    public CancellationToken Stop => stop.Token;

    /// <summary>The signal that asked first; null where none did.</summary>
    public PosixSignal? First { get; private set; }

    public void Dispose()
    {
        registrations.ForEach(r => r.Dispose());
        stop.Dispose();
    }
}
