using Elanus.Log;
using Elanus.Primitives;
using Microsoft.Extensions.Logging;

namespace Elanus.Server;

/// <summary>All roles in one process, over one data directory.</summary>
public static class StandaloneHost
{
    /// <summary>How long a node that cannot go on gives calls in flight to be told so.</summary>
    private static readonly TimeSpan DeathAnswersTime = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Serves until <paramref name="stop"/>, then drains and closes. The line that says that it serves goes to <paramref name="output"/>.
    /// A failure is a sentence for the operator: the data directory is in use, a port is taken, the log is damaged, or the node could not go
    /// on (a failed fsync): the process must end then.
    /// </summary>
    public static async Task<Result<Unit>> RunAsync(ServerConfiguration configuration, IFileSystem files, TextWriter output, CancellationToken stop)
    {
        using var logging = ConsoleLogging.Create(configuration.LogLevel);
        var log = logging.CreateLogger("Elanus");
        await using var work = new PooledWork();
        var seams = new NodeSeams(files, TimeProvider.System, new SystemRandom(), work);

        // The ports first: a taken one is refused before a long recovery, and what calls meanwhile is told to come back.
        await using var ports = new ServerPorts(configuration, seams.Time, logging);
        if (!(await ports.Bind(stop)).TryGet(out _, out var failure))
        {
            return failure;
        }

        if (!(await Start(configuration, seams, stop)).TryGet(out var node, out failure))
        {
            return failure;
        }

        await using (node)
        {
            NodeJournal.Begin(node, log);
            ports.Serve(HealthPage.Before(OwnCluster.Before(ClientCalls.Over(node, configuration, ports.Reachable, seams.Time, logging), mark: null), () => StandaloneStatus.Of(node, ports.Reachable)));
            ServerLog.Serving(log, node.Node, ports.ClientAddress, ports.MetricsAddress, configuration.DataPath);
            await output.WriteLineAsync($"elanus: standalone is serving on {ports.ClientAddress}");
            await output.FlushAsync(CancellationToken.None);

            var stopped = Task.Delay(Timeout.InfiniteTimeSpan, seams.Time, stop);
            if (await Task.WhenAny(node.Death, stopped) == node.Death)
            {
                await ports.Drain(DeathAnswersTime);
                return new Failure(FailureCode.Internal, $"the server stopped itself: {(await node.Death).Message}");
            }

            ServerLog.Draining(log, configuration.StopTimeout.TotalSeconds);
            await ports.Drain(configuration.StopTimeout);
            if (!(await node.Close(CancellationToken.None)).TryGet(out _, out failure))
            {
                ServerLog.CheckpointFailed(log, failure);
            }
        }

        ServerLog.Stopped(log);
        return Result.Ok;
    }

    private static async Task<Result<StandaloneNode>> Start(ServerConfiguration configuration, NodeSeams seams, CancellationToken stop)
    {
        try
        {
            return await StandaloneNode.Start(Settings(configuration), seams, stop);
        }
        catch (LogDamagedException damaged)
        {
            return new Failure(FailureCode.Internal, damaged.Message);
        }
    }

    internal static NodeSettings Settings(ServerConfiguration configuration) => new()
    {
        DataPath = Path.GetFullPath(configuration.DataPath),
        GracefulTime = configuration.GracefulTime,
        RootPassword = configuration.DefaultRootPassword,
        SegmentBytesMax = configuration.SegmentBytesMax,
        Checkpoints = new() { LogBytesMin = configuration.CheckpointLogBytes },
        Log = new()
        {
            SegmentBytes = configuration.Log.FileBytes,
            QueueRecordsMax = configuration.Log.QueueRecordsMax,
            QueueBytesMax = configuration.Log.QueueBytesMax,
            NewestFormat = configuration.Log.NewestFormat,
        },
        Limits = new()
        {
            NameLengthMax = configuration.Limits.NameLengthMax,
            FieldsMax = configuration.Limits.FieldsMax,
            VectorFieldsMax = configuration.Limits.VectorFieldsMax,
            ShardsMax = configuration.Limits.ShardsMax,
            DimensionMax = configuration.Limits.DimensionMax,
            PartitionsMax = configuration.Limits.PartitionsMax,
            DatabasesMax = configuration.Limits.DatabasesMax,
            VarCharLengthMax = configuration.Limits.TextLengthMax,
            TopKMax = configuration.Limits.TopKMax,
            ResultWindowMax = configuration.Limits.ResultWindowMax,
            QueriesMax = configuration.Limits.QueriesMax,
            OutputBytesMax = configuration.Limits.OutputBytesMax,
            ReadBytesMax = configuration.Limits.ReadBytesMax,
        },
    };
}
