using Elanus.Log;
using Elanus.Primitives;
using Elanus.Roles;
using Elanus.Storage;

namespace Elanus.Server;

/// <summary>
/// A node's roles as a start finds them: from the newest checkpoint that is whole and lies on the log's chain of epochs, or from nothing where the
/// log is whole. The log behind it is applied by following.
/// </summary>
public sealed class NodeRecovery : IAsyncDisposable
{
    private readonly ISegmentStore checkpoints;
    private readonly ISegmentStore segments;

    private NodeRecovery(NodeRoles roles, CheckpointName? from, IReadOnlyList<string> refused, ISegmentStore checkpoints, ISegmentStore segments)
    {
        Roles = roles;
        From = from;
        Refused = refused;
        this.checkpoints = checkpoints;
        this.segments = segments;
    }

    public NodeRoles Roles { get; }

    /// <summary>Null: the state comes from the log alone.</summary>
    public CheckpointName? From { get; }

    /// <summary>Checkpoints that could not be used, and why.</summary>
    public IReadOnlyList<string> Refused { get; }

    /// <summary>
    /// A failure of the code <see cref="FailureCode.Internal"/> says that the log alone is not enough and no checkpoint can be used, or that the disk lost what was durable;
    /// every other one that it cannot be done now.
    /// </summary>
    public static async Task<Result<NodeRecovery>> Run(
        FileLog log, DataDirectory directory, HybridClock clock, NodeSettings settings, NodeSeams seams, CancellationToken cancel)
    {
        if (!(await TakeBack(log, directory.CheckpointsPath, seams.Files, cancel)).TryGet(out _, out var failure)
            || !(await DirectorySegmentStore.OpenAsync(seams.Files, directory.CheckpointsPath, cancel)).TryGet(out var store, out failure)
            || !(await DirectorySegmentStore.OpenAsync(seams.Files, directory.SegmentsPath, cancel)).TryGet(out var segments, out failure))
        {
            return failure;
        }

        var files = new CheckpointFiles(store, log.Channel);
        var choice = RecoveryChoice.Of(log.Chain, log.Front.Number, log.Found.End.Position.Number, log.Found.LastCut, await files.ListAsync(cancel));
        if (choice.Lost is { } lost)
        {
            return new Failure(FailureCode.Internal, lost);
        }

        var refused = choice.Refused.ToList();
        for (var i = 0; i < choice.Usable.Count; i++)
        {
            if (!(await files.OpenAsync(choice.Usable[i], seams.Work, cancel)).TryGet(out var checkpoint, out failure))
            {
                refused.Add(failure.Sentence);
                continue;
            }

            using (checkpoint)
            {
                var roles = new NodeRoles(log, files, segments, clock, settings, seams);
                if (await Restore(roles, checkpoint, cancel) is { } wrong)
                {
                    await roles.DisposeAsync();
                    refused.Add(wrong);
                    continue;
                }

                await roles.Checkpoints.StartFrom(choice.Usable.Skip(i + 1).Reverse(), checkpoint.Kept, cancel);
                await roles.State.DropLeftFiles(cancel);
                return new NodeRecovery(roles, checkpoint.Name, refused, store, segments);
            }
        }

        return log.Front.Number == 1
            ? new NodeRecovery(new(log, files, segments, clock, settings, seams), null, refused, store, segments)
            : new Failure(
                FailureCode.Internal,
                $"the log begins with record {log.Front.Number} and no checkpoint in {directory.CheckpointsPath} leads up to it"
                + $"{string.Concat(refused.Select(r => "; " + r))}. `elanus verify DIR` lists all damage; `elanus salvage DIR` writes what can still be read to a file; a backup has the whole");
    }

    public async ValueTask DisposeAsync()
    {
        await segments.DisposeAsync();
        await checkpoints.DisposeAsync();
    }

    /// <summary>
    /// Checkpoints of records that were cut go with them, before anything follows there: behind that they would look like proof that the disk has lost records. The log that
    /// was cut began with record 1, or what was cut had never been shown, so nothing is needed of them; and what was shown is kept beside.
    /// </summary>
    private static async Task<Result<Unit>> TakeBack(FileLog log, string folder, IFileSystem files, CancellationToken cancel)
    {
        if (log.Found.LastCut is not { } cut)
        {
            return Result.Ok;
        }

        if (await files.ListAsync(folder, cancel) is { } entries)
        {
            foreach (var entry in entries)
            {
                if (CheckpointName.TryParse(entry.Name, log.Channel, out var name) && name.Position.Number > cut)
                {
                    await files.DeleteAsync($"{folder}/{entry.Name}", cancel);
                }
            }

            await files.SyncDirectoryAsync(folder, cancel);
        }

        return await log.ForgetCutAsync(cancel);
    }

    private static async Task<string?> Restore(NodeRoles roles, Checkpoint from, CancellationToken cancel)
    {
        try
        {
            await roles.Restore(from, cancel);
            return null;
        }
        catch (InvalidDataException unreadable)
        {
            return unreadable.Message;
        }
    }
}
