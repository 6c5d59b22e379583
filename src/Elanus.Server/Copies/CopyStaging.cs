using Elanus.Log;
using Elanus.Primitives;
using Elanus.Replication;
using Elanus.Storage;

namespace Elanus.Server;

/// <summary>
/// The place in a data directory where a copy is gathered: <c>copy/</c>, with the same folders. A file has its own name there when it is whole and durable;
/// <c>copy/whole.json</c>, written last, says that all of it takes the place of what the node has (<see cref="CopyInstallation"/>). One caller at a time.
/// </summary>
/// <param name="files">Where the directory is.</param>
/// <param name="data">The data directory.</param>
/// <param name="work">Where checksums are compared.</param>
/// <param name="roomLeft">Bytes that a copy leaves free on the disk: one that would not is not begun.</param>
internal sealed class CopyStaging(IFileSystem files, string data, IWorkScheduler work, long roomLeft) : ICopyTarget
{
    internal const string Folder = "copy";
    internal const string MarkName = "whole.json";

    /// <summary>Ends the names of files whose bytes are not all there.</summary>
    private const string Unfinished = ".part";

    internal static readonly string[] Folders = [BackupPlanning.LogFolder, BackupPlanning.CheckpointFolder, BackupPlanning.SegmentFolder];

    private readonly string staging = $"{data}/{Folder}";

    public async Task<Result<Unit>> BeginAsync(CopyPlan plan, CancellationToken cancel)
    {
        if (plan.Files.FirstOrDefault(file => !BackupNames.AreSafe(file.Name)) is { } unsafeName)
        {
            return Failure.Invalid($"\"{unsafeName.Name}\" is no name of a file of a copy");
        }

        var named = plan.Files.Where(file => file.Checksum is not null).Select(file => file.Name).ToHashSet();
        foreach (var folder in Folders)
        {
            var made = await files.CreateDirectoryAsync($"{staging}/{folder}", cancel);
            if (!made.Succeeded)
            {
                return made;
            }

            foreach (var entry in await files.ListAsync($"{staging}/{folder}", cancel) ?? [])
            {
                if (!named.Contains($"{folder}/{(entry.Name.EndsWith(Unfinished, StringComparison.Ordinal) ? entry.Name[..^Unfinished.Length] : entry.Name)}"))
                {
                    await files.DeleteAsync($"{staging}/{folder}/{entry.Name}", cancel);
                }
            }
        }

        // A copy that cannot end would take what is left from everybody else, and keep it. 0 is also what a file system says that does not know.
        var missing = await Missing(plan, cancel);
        return await files.FreeBytesAsync(staging, cancel) is > 0 and var free && free < missing + roomLeft
            ? new Failure(FailureCode.QuotaExceeded, $"there is no room on the disk of {staging}: the copy lacks {missing} bytes and must leave {roomLeft}, and {free} are free")
            : Result.Ok;
    }

    public async Task<bool> HoldsAsync(CopyFile file, CancellationToken cancel)
    {
        if (file.Checksum is null)
        {
            return false;
        }

        if (await ChecksumOf($"{staging}/{file.Name}", cancel) == file.Checksum)
        {
            return true;
        }

        await files.DeleteAsync($"{staging}/{file.Name}", cancel);
        foreach (var home in await Homes(cancel))
        {
            // Immutable: the node's own file serves under both names, where all of it is whole.
            if (await ChecksumOf($"{home}/{file.Name}", cancel) == file.Checksum && await StoredFileChecksum.Damage(files, $"{home}/{file.Name}", file.Checksum, work, cancel) is null)
            {
                return (await files.LinkAsync($"{home}/{file.Name}", $"{staging}/{file.Name}", cancel)).TryGet(out var isNew, out _) && isNew;
            }
        }

        return false;
    }

    public async Task<Result<IFile>> CreateAsync(CopyFile file, CancellationToken cancel)
    {
        var part = $"{staging}/{file.Name}{Unfinished}";
        await files.DeleteAsync($"{staging}/{file.Name}", cancel);
        if (file.Checksum is not null && await files.OpenAsync(part, FileIntent.ReadWrite, cancel) is { } begun)
        {
            return Result<IFile>.Ok(begun);
        }

        await files.DeleteAsync(part, cancel);
        return await files.CreateAsync(part, cancel);
    }

    public async Task<Result<Unit>> FinishAsync(CopyFile file, IFile written, CancellationToken cancel)
    {
        await written.SyncAsync(cancel);
        if (file.Checksum is { } checksum && await StoredFileChecksum.Damage(files, $"{staging}/{file.Name}{Unfinished}", checksum, work, cancel) is { } wrong)
        {
            await files.DeleteAsync($"{staging}/{file.Name}{Unfinished}", cancel);
            return new Failure(FailureCode.Internal, $"{file.Name} was damaged where it came from, or on its way: {wrong}");
        }

        return await files.RenameAsync($"{staging}/{file.Name}{Unfinished}", $"{staging}/{file.Name}", cancel);
    }

    public async Task<Result<Unit>> InstallAsync(CopyPlan plan, EpochPromise kept, string? keptAs, CancellationToken cancel)
    {
        // What is here is given up for it, and nobody has read the log's files: the active only where it needed to, and they have no checksum of the whole.
        var log = await FileLog.InspectAsync(files, $"{staging}/{BackupPlanning.LogFolder}", DirectoryInspection.Channel, cancel);
        var wrong = log.Damage.Count > 0 ? log.Damage[0].ToString()
            : log.End.Position.Number < plan.Checkpoint ? $"it ends at record {log.End.Position.Number}, and its checkpoint holds {plan.Checkpoint}"
            : null;
        if (wrong is not null)
        {
            return new Failure(FailureCode.Internal, $"its log was damaged where it came from, so that node needs looking after; this one keeps what it has: {wrong}");
        }

        if (keptAs is not null && !(await KeptDirectory.Make(files, data, $"{data}/{keptAs}", cancel)).TryGet(out _, out var full))
        {
            return full;
        }

        var promised = await kept.KeepAsync(files, $"{staging}/{BackupPlanning.LogFolder}", cancel);
        if (!promised.Succeeded)
        {
            return promised;
        }

        foreach (var folder in Folders)
        {
            await files.SyncDirectoryAsync($"{staging}/{folder}", cancel);
        }

        var passing = $"{staging}/{MarkName}.tmp";
        await files.DeleteAsync(passing, cancel);
        if (!(await files.CreateAsync(passing, cancel)).TryGet(out var mark, out var failure))
        {
            return failure;
        }

        await using (mark)
        {
            string[] names = [.. plan.Files.Select(file => file.Name), $"{BackupPlanning.LogFolder}/{EpochPromise.FileName}"];
            var wrote = await mark.WriteDurablyAsync(0, [KeptJson.WriteNames(names)], cancel);
            if (!wrote.Succeeded)
            {
                return wrote;
            }
        }

        // Everything that leads to the mark is durable before it is there.
        await files.SyncDirectoryAsync(staging, cancel);
        await files.SyncDirectoryAsync(data, cancel);
        var named = await files.RenameAsync(passing, $"{staging}/{MarkName}", cancel);
        await files.SyncDirectoryAsync(staging, cancel);
        return named;
    }

    public async Task DiscardAsync(CancellationToken cancel) => await Remove(files, staging, cancel);

    internal static async Task Remove(IFileSystem files, string staging, CancellationToken cancel)
    {
        if (await files.ListAsync(staging, cancel) is null)
        {
            return;
        }

        foreach (var folder in Folders)
        {
            foreach (var entry in await files.ListAsync($"{staging}/{folder}", cancel) ?? [])
            {
                await files.DeleteAsync($"{staging}/{folder}/{entry.Name}", cancel);
            }

            await files.DeleteDirectoryAsync($"{staging}/{folder}", cancel);
        }

        foreach (var entry in await files.ListAsync(staging, cancel) ?? [])
        {
            await files.DeleteAsync($"{staging}/{entry.Name}", cancel);
        }

        await files.DeleteDirectoryAsync(staging, cancel);
    }

    /// <summary>Bytes of a plan that neither what was gathered nor the node's own files have.</summary>
    private async Task<long> Missing(CopyPlan plan, CancellationToken cancel)
    {
        string[] places = [staging, .. await Homes(cancel)];
        var missing = 0L;
        foreach (var file in plan.Files)
        {
            missing += file.Bytes;
            if (file.Checksum is null)
            {
                continue;
            }

            var isHere = false;
            for (var i = 0; i < places.Length && !isHere; i++)
            {
                isHere = await ChecksumOf($"{places[i]}/{file.Name}", cancel) == file.Checksum;
            }

            await using var part = isHere ? null : await files.OpenAsync($"{staging}/{file.Name}{Unfinished}", FileIntent.Read, cancel);
            missing -= isHere ? file.Bytes : part is null ? 0 : Math.Min(await part.LengthAsync(cancel), file.Bytes);
        }

        return missing;
    }

    /// <summary>Where files of this node may lie: its own, and what it gave up for damaged, most of which is whole.</summary>
    private async Task<IEnumerable<string>> Homes(CancellationToken cancel) =>
        [data, .. (await files.ListAsync($"{data}/{RepairInstallation.Folder}", cancel) ?? []).Select(entry => $"{data}/{RepairInstallation.Folder}/{entry.Name}")];

    private async Task<ulong?> ChecksumOf(string path, CancellationToken cancel)
    {
        try
        {
            return await StoredFileChecksum.Of(files, path, cancel);
        }
        catch (StoredFileDamagedException)
        {
            return null;
        }
    }
}
