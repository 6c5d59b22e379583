using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>
/// Writes a backup into a directory that is empty or not there yet: files as their bytes come, the manifest last, when all of it is durable. A failure (no room,
/// a directory in use, a stored file that is damaged) leaves no manifest, so what is there is no backup. One caller at a time.
/// </summary>
/// <param name="files">The file system of the directory.</param>
/// <param name="directory">An absolute path.</param>
/// <param name="work">Where checksums are compared.</param>
public sealed class BackupTarget(IFileSystem files, string directory, IWorkScheduler work) : IAsyncDisposable
{
    private readonly List<BackupFile> done = [];
    private IFile? writing;
    private string name = "";
    private long written;
    private long synced;
    private uint crc;

    /// <summary>Makes the directory, or takes an empty one; its name is durable then.</summary>
    public async Task<Result<Unit>> Begin(CancellationToken cancel)
    {
        if ((await files.ListAsync(directory, cancel) ?? []).Count > 0)
        {
            return Failure.Invalid($"{directory} is not empty; name an empty directory, or one that is not there yet");
        }

        var made = await files.CreateDirectoryAsync(directory, cancel);
        if (made.Succeeded)
        {
            await DataDirectory.SyncAbove(files, directory, cancel);
        }

        return made;
    }

    /// <summary>The next bytes of a file; files come one after another.</summary>
    public async Task<Result<Unit>> Write(string file, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        if (file != name && !(await Next(file, cancel)).TryGet(out _, out var failure))
        {
            return failure;
        }

        var wrote = await writing!.WriteAsync(written, [bytes], cancel);
        written += bytes.Length;
        crc = Crc32C.Continue(crc, bytes.Span);
        if (wrote.Succeeded && written - synced >= IFile.UnsyncedBytesMax)
        {
            await writing.SyncAsync(cancel);
            synced = written;
        }

        return wrote;
    }

    /// <summary>Makes everything durable, then writes the manifest.</summary>
    public async Task<Result<Unit>> End(BackupManifest manifest, CancellationToken cancel)
    {
        if (!(await Close(cancel)).TryGet(out _, out var failure))
        {
            return failure;
        }

        foreach (var folder in done.Select(file => Path.GetDirectoryName(file.Name)!).Distinct().ToList())
        {
            await files.SyncDirectoryAsync($"{directory}/{folder}", cancel);
        }

        var whole = manifest with { Files = [.. done] };
        if (!(await files.CreateAsync($"{directory}/{BackupManifest.FileName}", cancel)).TryGet(out var file, out failure))
        {
            return failure;
        }

        await using (file)
        {
            if (!(await file.WriteDurablyAsync(0, [whole.Write()], cancel)).TryGet(out _, out failure))
            {
                await files.DeleteAsync(file.Path, cancel);
                return failure;
            }
        }

        await files.SyncDirectoryAsync(directory, cancel);
        return Result.Ok;
    }

    public async ValueTask DisposeAsync()
    {
        if (writing is not null)
        {
            await writing.DisposeAsync();
            writing = null;
        }
    }

    private async Task<Result<Unit>> Next(string file, CancellationToken cancel)
    {
        if (!(await Close(cancel)).TryGet(out _, out var failure))
        {
            return failure;
        }

        Invariant.Holds(done.TrueForAll(before => before.Name != file), $"{file} came in two parts");
        if (!BackupNames.AreSafe(file))
        {
            return Failure.Invalid($"\"{file}\" is no name of a file of a backup");
        }

        if (!(await files.CreateDirectoryAsync($"{directory}/{Path.GetDirectoryName(file)}", cancel)).TryGet(out _, out failure)
            || !(await files.CreateAsync($"{directory}/{file}", cancel)).TryGet(out var made, out failure))
        {
            return failure;
        }

        (writing, name, written, synced, crc) = (made, file, 0, 0, 0);
        return Result.Ok;
    }

    /// <summary>Ends the file that is being written, if any: its bytes are durable, and a stored file's blocks are what they were when it was made.</summary>
    private async Task<Result<Unit>> Close(CancellationToken cancel)
    {
        if (writing is null)
        {
            return Result.Ok;
        }

        await writing.SyncAsync(cancel);
        await DisposeAsync();
        if (await StoredFileChecksum.Damage(files, $"{directory}/{name}", null, work, cancel) is { } damage)
        {
            return new Failure(FailureCode.Internal, $"there is no whole backup: {name} was damaged where it came from, or on its way: {damage}");
        }

        done.Add(new(name, written, crc));
        return Result.Ok;
    }
}
