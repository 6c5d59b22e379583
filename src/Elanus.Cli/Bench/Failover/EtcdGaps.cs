using System.Globalization;
using Elanus.Coordination;

namespace Elanus.Cli;

/// <summary>A client of etcd's that writes all the time: how long at most no write was taken.</summary>
internal sealed class EtcdGaps(IArbiter arbiter, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private long longest;

    /// <summary>The longest time between two writes that were taken, since it was last asked for.</summary>
    public TimeSpan TakeLongest() => TimeSpan.FromTicks(Interlocked.Exchange(ref longest, 0));

    /// <summary>Writes until it is stopped.</summary>
    public async Task Run(CancellationToken stop)
    {
        try
        {
            var last = time.GetTimestamp();
            for (var i = 0L; ; i++)
            {
                if ((await arbiter.ValueAsync("gaps", i.ToString(CultureInfo.InvariantCulture), "", stop)).Succeeded)
                {
                    var now = time.GetTimestamp();
                    longest = Math.Max(Interlocked.Read(ref longest), time.GetElapsedTime(last, now).Ticks);
                    last = now;
                }

                await Task.Delay(Pause, time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Enough.
        }
    }
}
