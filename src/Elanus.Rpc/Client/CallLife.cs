namespace Elanus.Rpc.Client;

/// <summary>How long a call may last: until its caller cancels it or its deadline passes, and which of the two it was.</summary>
internal sealed class CallLife : IDisposable
{
    private readonly CancellationToken caller;
    private readonly CancellationTokenSource source;
    private readonly CancellationTokenRegistration registration;
    private volatile bool abandoned;

    public CallLife(TimeSpan? timeout, TimeProvider time, CancellationToken caller)
    {
        this.caller = caller;
        source = timeout is { } given ? new(given > TimeSpan.Zero ? given : TimeSpan.Zero, time) : new();
        registration = caller.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
    }

    public CancellationToken Token => source.Token;

    /// <summary>Whether the caller itself gave up.</summary>
    public bool CallerCancelled => caller.IsCancellationRequested;

    /// <summary>Whether anything ended the call: its caller, its deadline, or this side for another reason.</summary>
    public bool IsOver => source.IsCancellationRequested;

    /// <summary>Whether the deadline ended the call: nothing else did.</summary>
    public bool Expired => source.IsCancellationRequested && !CallerCancelled && !abandoned;

    /// <summary>Ends the call for another reason than its deadline.</summary>
    public void Cancel()
    {
        abandoned = true;
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile: whoever stops all calls at once meets some at their end.
        }
    }

    public void Dispose()
    {
        registration.Dispose();
        source.Dispose();
    }
}
