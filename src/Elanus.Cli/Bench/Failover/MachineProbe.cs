using System.Globalization;
using Elanus.Coordination;
using Elanus.Primitives;

namespace Elanus.Cli;

/// <summary>What the machine and etcd gave in the time of a run: a write of etcd, an fsync of a block that was there, what a new file's name takes to be durable, and the longest time for which a timer of this process came late.</summary>
internal sealed class MachineProbe(IArbiter arbiter, IFileSystem files, string folder, TimeProvider time)
{
    private const int BlockBytes = 4096;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(5);

    private readonly List<double> writes = [];
    private readonly List<double> syncs = [];
    private readonly List<double> names = [];
    private TimeSpan longest;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"etcd write p50 {Median(writes):0.0} ms, longest {Longest(writes):0}, fsync p50 {Median(syncs):0.00}, longest {Longest(syncs):0} ms, a new name p50 {Median(names):0.0}, longest {Longest(names):0} ms, longest scheduler gap {longest.TotalMilliseconds:0} ms");

    /// <summary>Measures until it is stopped.</summary>
    public async Task Run(CancellationToken stop)
    {
        try
        {
            await Task.WhenAll(Gaps(stop), Etcd(stop), Disks(stop), Names(stop));
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

    private async Task Etcd(CancellationToken stop)
    {
        for (var i = 0; ; i++)
        {
            writes.Add(await Milliseconds(async () => _ = await arbiter.ValueAsync("probe", $"{i}", "", stop)));
            await Task.Delay(Every, time, stop);
        }
    }

    /// <summary>As a log's head is replaced.</summary>
    private async Task Names(CancellationToken stop)
    {
        while (true)
        {
            names.Add(await Milliseconds(async () =>
            {
                var made = await files.CreateAsync($"{folder}/probe-name.tmp", stop);
                Invariant.Holds(made.Succeeded, "the bench's folder cannot be written");
                await using (made.Value)
                {
                    await made.Value.WriteDurablyAsync(0, [new byte[BlockBytes]], stop);
                }

                await files.RenameAsync($"{folder}/probe-name.tmp", $"{folder}/probe-name", stop);
                await files.SyncDirectoryAsync(folder, stop);
            }));
            await Task.Delay(Every, time, stop);
        }
    }

    private async Task Disks(CancellationToken stop)
    {
        var made = await files.CreateAsync($"{folder}/probe", stop);
        Invariant.Holds(made.Succeeded, "the bench's folder cannot be written");
        await using var file = made.Value;
        var block = new byte[BlockBytes];
        while (true)
        {
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

    private static double Longest(List<double> values) => values.DefaultIfEmpty(double.NaN).Max();

    private static double Median(List<double> values) => values.Count == 0 ? double.NaN : Figure.Median(values);
}
