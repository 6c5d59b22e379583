using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>Has a node try again, from time to time, what failed for sealed segments for want of room on the disk or in memory; as owner of the channel or not.</summary>
public static class FileRetries
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>Runs until cancelled.</summary>
    public static async Task Run(DataState state, TimeProvider time, CancellationToken cancel)
    {
        using var ticks = new Ticks(Period, time, cancel);
        while (await ticks.Next())
        {
            state.RetryFiles();
        }
    }
}
