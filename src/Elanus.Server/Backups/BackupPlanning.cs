using System.Collections.Immutable;
using Elanus.Log;
using Elanus.Primitives;
using Elanus.Roles;
using Elanus.Storage;

namespace Elanus.Server;

/// <summary>Makes plans: of a directory that nobody uses, and of a running node's.</summary>
public static class BackupPlanning
{
    public const string CheckpointFolder = "checkpoints";
    public const string LogFolder = "log";

    /// <summary>Of a stopped node, whose directory the caller has locked. A damaged log, or one that no checkpoint leads up to, is a failure.</summary>
    public static async Task<Result<BackupPlan>> Of(IFileSystem files, DataDirectory directory, ChannelId channel, IWorkScheduler work, CancellationToken cancel)
    {
        var found = await FileLog.InspectAsync(files, directory.LogPath, channel, cancel);
        if (found.Damage.Count > 0)
        {
            return new Failure(FailureCode.Internal, found.Damage[0].ToString());
        }

        var checkpoints = new CheckpointFiles(DirectorySegmentStore.AsItIs(files, directory.CheckpointsPath), channel);
        var choice = RecoveryChoice.Of(found.Chain, found.Front, found.End.Position.Number, await checkpoints.ListAsync(cancel));
        if (choice.Lost is { } lost)
        {
            return new Failure(FailureCode.Internal, lost);
        }

        foreach (var name in choice.Usable)
        {
            if ((await checkpoints.OpenAsync(name, work, cancel)).TryGet(out var checkpoint, out _))
            {
                using (checkpoint)
                {
                    return await Plan(name, checkpoint.Timestamp, checkpoint.Length);
                }
            }
        }

        return found.Front == 1
            ? await Plan(null, Timestamp.Zero, 0)
            : new Failure(FailureCode.Internal, $"no checkpoint in {directory.CheckpointsPath} can be read, and the log begins with record {found.Front}; `elanus verify` lists all damage");

        async Task<Result<BackupPlan>> Plan(CheckpointName? name, Timestamp from, long length)
        {
            var next = name?.Position.Next ?? new(channel, 1);
            return await FileLog.ExtentAsync(files, directory.LogPath, channel, next, cancel) is { } extent
                ? Compose(directory, name, from, length, extent, found.End.Position, found.End.Timestamp)
                : new Failure(FailureCode.Unavailable, $"a cut of the log in {directory.LogPath} is unfinished: start the server once, which ends it");
        }
    }

    /// <summary>The plan's parts put together. The caller has seen to it that nothing of it goes.</summary>
    public static BackupPlan Compose(
        DataDirectory directory, CheckpointName? checkpoint, Timestamp from, long checkpointBytes, LogExtent log, LogPosition end, Timestamp endTime)
    {
        var sources = ImmutableArray.CreateBuilder<BackupPlan.Source>();
        if (checkpoint is { } name)
        {
            sources.Add(new($"{CheckpointFolder}/{name}", checkpointBytes, $"{directory.CheckpointsPath}/{name}"));
        }

        sources.AddRange(log.Segments.Select(segment => new BackupPlan.Source($"{LogFolder}/{segment.Name}", segment.Bytes, $"{directory.LogPath}/{segment.Name}")));
        sources.Add(new($"{LogFolder}/{LogExtent.HeadName}", log.Head.Length, "", log.Head));
        return new(
            new(
                BackupManifest.CurrentFormat, directory.Node.ToString(), end.Channel.Value, checkpoint?.ToString() ?? "", checkpoint?.Position.Number ?? 0, from,
                end.Number, endTime, []),
            sources.ToImmutable());
    }
}
