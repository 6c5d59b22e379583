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
    public const string SegmentFolder = "segments";
    public const string LogFolder = "log";

    /// <summary>Of a stopped node, whose directory the caller has locked. A damaged log, or one that no checkpoint leads up to, is a failure.</summary>
    public static async Task<Result<BackupPlan>> Of(IFileSystem files, DataDirectory directory, ChannelId channel, IWorkScheduler work, CancellationToken cancel)
    {
        if ((await CopyInstallation.Unfinished(files, directory.Path, cancel) ?? await RepairInstallation.Unfinished(files, directory.Path, cancel)) is { } unfinished)
        {
            return unfinished;
        }

        var found = await FileLog.InspectAsync(files, directory.LogPath, channel, cancel);
        if (found.Damage.Count > 0)
        {
            return new Failure(FailureCode.Internal, found.Damage[0].ToString());
        }

        var checkpoints = new CheckpointFiles(DirectorySegmentStore.AsItIs(files, directory.CheckpointsPath), channel);
        var choice = RecoveryChoice.Of(found.Chain, found.Front, found.End.Position.Number, found.LastCut, await checkpoints.ListAsync(cancel));
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
                    return await Plan(checkpoint.Kept);
                }
            }
        }

        return found.Front == 1
            ? await Plan(null)
            : new Failure(FailureCode.Internal, $"no checkpoint in {directory.CheckpointsPath} can be read, and the log begins with record {found.Front}; `elanus verify` lists all damage");

        async Task<Result<BackupPlan>> Plan(KeptCheckpoint? checkpoint)
        {
            var next = checkpoint?.Name.Position.Next ?? new(channel, 1);
            return await FileLog.ExtentAsync(files, directory.LogPath, channel, next, cancel) is { } extent
                ? await Compose(files, directory, checkpoint, extent, found.End.Position, found.End.Timestamp, cancel)
                : new Failure(FailureCode.Unavailable, $"a cut of the log in {directory.LogPath} is unfinished: start the server once, which ends it");
        }
    }

    /// <summary>The plan's parts put together. The caller has seen to it that nothing of it goes; a segment file that is gone anyway is a failure.</summary>
    public static async Task<Result<BackupPlan>> Compose(
        IFileSystem files, DataDirectory directory, KeptCheckpoint? checkpoint, LogExtent log, LogPosition end, Timestamp endTime, CancellationToken cancel)
    {
        var sources = ImmutableArray.CreateBuilder<BackupPlan.Source>();
        if (checkpoint is not null)
        {
            sources.Add(new($"{CheckpointFolder}/{checkpoint.Name}", checkpoint.Bytes, $"{directory.CheckpointsPath}/{checkpoint.Name}"));
        }

        foreach (var name in checkpoint?.Files ?? [])
        {
            var path = $"{directory.SegmentsPath}/{name}";
            await using var file = await files.OpenAsync(path, FileIntent.Read, cancel);
            if (file is null)
            {
                return new Failure(FailureCode.Internal, $"the segment file {path}, which the checkpoint {checkpoint!.Name} names, is gone");
            }

            sources.Add(new($"{SegmentFolder}/{name}", await file.LengthAsync(cancel), path));
        }

        sources.AddRange(log.Segments.Select(segment => new BackupPlan.Source($"{LogFolder}/{segment.Name}", segment.Bytes, $"{directory.LogPath}/{segment.Name}")));
        sources.Add(new($"{LogFolder}/{LogExtent.HeadName}", log.Head.Length, "", log.Head));
        return new BackupPlan(
            new(
                BackupManifest.CurrentFormat, directory.Node.ToString(), end.Channel.Value, checkpoint?.Name.ToString() ?? "", checkpoint?.Name.Position.Number ?? 0,
                checkpoint?.Timestamp ?? Timestamp.Zero, end.Number, endTime, []),
            sources.ToImmutable());
    }
}
