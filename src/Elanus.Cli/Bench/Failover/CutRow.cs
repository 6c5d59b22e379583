using Elanus.Primitives;
using Elanus.Server.Operations.Protocol;

namespace Elanus.Cli;

/// <summary>
/// The active's host is cut off from everything, and comes back when another one serves; then the same where a member of etcd stands on the host of each node, as people place
/// them who have three hosts for both: it may be the one that the standby asks, and the one that leads the others. Of that gap what counts is the part beyond etcd's own.
/// </summary>
internal static class CutRow
{
    private const string Name = "host cut off: gap p99, ms";
    private const string BesideName = "host cut off with its member of etcd: gap beyond etcd's own, p99, ms";
    private const double P99MaxMs = 1200;

    public static async Task<Result<IReadOnlyList<Figure>>> Measure(FailoverGround ground, FailoverCounts counts, CancellationToken cancel)
    {
        if (ground.Hosts is not { } hosts)
        {
            return Result<IReadOnlyList<Figure>>.Ok([Figure.NotMeasured(Name, ground.WhyNoHosts), Figure.NotMeasured(BesideName, ground.WhyNoHosts)]);
        }

        if (!(await ground.Gaps("cut", counts.Cuts, Unplug, Plug, others: null, cancel)).TryGet(out var apart, out var failure) || !(await Beside()).TryGet(out var beside, out failure))
        {
            return failure;
        }

        return Result<IReadOnlyList<Figure>>.Ok(
        [
            new(Name, Percentiles.Text(apart), Percentiles.Of(apart, 99), P99MaxMs, AtMost: true),
            new(BesideName, Percentiles.Text(beside), Percentiles.Of(beside, 99), P99MaxMs, AtMost: true),
        ]);

        void Unplug(NodeStatus active) => hosts.Of(active.Address).Unplug();

        void Plug(NodeStatus active) => hosts.Of(active.Address).Plug();

        async Task<Result<List<double>>> Beside()
        {
            var folder = $"{ground.Folder}/beside";
            if (!(await new RealFileSystem().CreateDirectoryAsync(folder, cancel)).TryGet(out _, out var why)
                || !(await EtcdMembers.Start(folder, [hosts[0].Address, hosts[1].Address, LocalHosts.Here], member => member < 2 ? hosts[member].Within : [], cancel)).TryGet(out var etcd, out why))
            {
                return why;
            }

            using (etcd)
            {
                await using var arbiter = etcd.Open();
                using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                var writes = new EtcdGaps(arbiter, ground.Time);
                var writing = writes.Run(enough.Token);
                var gaps = await ground.With(etcd, folder).Gaps(
                    "cut with etcd",
                    counts.Cuts,
                    active =>
                    {
                        _ = writes.TakeLongest();
                        Unplug(active);
                    },
                    Plug,
                    () => writes.TakeLongest().TotalMilliseconds,
                    cancel);
                await enough.CancelAsync();
                await writing;
                return gaps;
            }
        }
    }
}
