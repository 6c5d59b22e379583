using System.Globalization;
using Elanus.Coordination;
using Elanus.Primitives;

namespace Elanus.Cli;

/// <summary>What the machine and etcd gave in the time of a run: a write of etcd, an fsync, and the longest time for which a timer of this process came late.</summary>
internal sealed class MachineProbe(IArbiter arbiter, IFileSystem files, string folder, TimeProvider time)
{
    private const int BlockBytes = 4096;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(5);

    private readonly List<double> writes = [];
    private readonly List<double> syncs = [];
    private TimeSpan longest;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"etcd write p50 {Median(writes):0.0} ms, fsync p50 {Median(syncs):0.00}, longest {syncs.DefaultIfEmpty(double.NaN).Max():0} ms, longest scheduler gap {longest.TotalMilliseconds:0} ms");

    /// <summary>Measures until it is stopped.</summary>
    public async Task Run(CancellationToken stop)
    {
        try
        {
            await Task.WhenAll(Gaps(stop), Disks(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Enough.
        }
    }

    private async Task Gaps(CancellationToken stop)
    {
        while (true)
        {
            var before = time.GetTimestamp();
            await Task.Delay(Nap, time, stop);
            var late = time.GetElapsedTime(before) - Nap;
            longest = late > longest ? late : longest;
        }
    }

    private async Task Disks(CancellationToken stop)
    {
        var made = await files.CreateAsync($"{folder}/probe", stop);
        Invariant.Holds(made.Succeeded, "the bench's folder cannot be written");
        await using var file = made.Value;
        var block = new byte[BlockBytes];
        for (var i = 0; ; i++)
        {
            writes.Add(await Milliseconds(async () => _ = await arbiter.ValueAsync("probe", $"{i}", "", stop)));
            syncs.Add(await Milliseconds(async () => _ = await file.WriteDurablyAsync(0, [block], stop)));
            await Task.Delay(Every, time, stop);
        }
    }

    private async Task<double> Milliseconds(Func<Task> action)
    {
        var before = time.GetTimestamp();
        await action();
        return time.GetElapsedTime(before).TotalMilliseconds;
    }

    private static double Median(List<double> values) => values.Count == 0 ? double.NaN : Figure.Median(values);
}
