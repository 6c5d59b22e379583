namespace Elanus.Server;

/// <summary>
/// How long to wait before a server is started again: not at all after a run that was long enough to be healthy, twice as long each time
/// after short ones, never longer than <see cref="WaitMax"/>. A run that somebody else ended with a signal 9 says nothing of the server: it lengthens no wait, and waits for
/// at most the first one, which is for the machine that ends a server again and again for want of memory. Not for use by two threads.
/// </summary>
internal sealed class RestartBackoff
{
    public static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(5);

    /// <summary>A run of this length was healthy: what ended it is news, not a repetition.</summary>
    public static readonly TimeSpan HealthyRun = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);

    private TimeSpan next;

    public TimeSpan After(TimeSpan run, bool killed)
    {
        if (killed)
        {
            return next == TimeSpan.Zero ? TimeSpan.Zero : FirstWait;
        }

        if (run >= HealthyRun)
        {
            next = TimeSpan.Zero;
        }

        var wait = next;
        next = wait == TimeSpan.Zero ? FirstWait : TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, WaitMax.Ticks));
        return wait;
    }
}
