namespace Elanus.Replication;

/// <summary>
/// The records that a node holds and the active's history does not, kept durably before they are cut: a file of encoded records, named for the
/// first and last of them and the epoch that wrote the last.
/// </summary>
public static class SalvageFile
{
    /// <summary>Of a data directory, for what a node held and the active's history does not hold.</summary>
    public const string Folder = "salvage";

    /// <summary>Ends these files' names.</summary>
    public const string End = ".records";

    internal static async Task<Result<string>> Write(IFileSystem files, string directory, FileLog log, LogPosition after, CancellationToken cancel)
    {
        var made = await files.CreateDirectoryAsync(directory, cancel);
        if (!made.Succeeded)
        {
            return made.Failure;
        }

        // The folder's own name too: the cut that follows is for good.
        await files.SyncDirectoryAsync(Path.GetDirectoryName(directory)!, cancel);
        var path = $"{directory}/{log.Chain.Last.Number:D8}-{log.Chain.Last.Claim}-{after.Next.Number:D12}-{log.Durable.Number:D12}{End}";
        await files.DeleteAsync(path, cancel);
        if (!(await files.CreateAsync(path, cancel)).TryGet(out var file, out var why))
        {
            return why;
        }

        Result<Unit> wrote;
        await using (file)
        {
            wrote = await Write(file, log, after, cancel);
        }

        if (!wrote.Succeeded)
        {
            // Half a file would take room from what waits for some.
            await files.DeleteAsync(path, cancel);
            return wrote.Failure;
        }

        await files.SyncDirectoryAsync(directory, cancel);
        return path;
    }

    private static async Task<Result<Unit>> Write(IFile file, FileLog log, LogPosition after, CancellationToken cancel)
    {
        var (offset, synced) = (0L, 0L);
        for (var next = after.Next; next <= log.Durable;)
        {
            var read = await log.ReadWrittenAsync(next, cancel);
            if (!read.Succeeded || read.Value is not { } batch)
            {
                return read.Failure ?? new Failure(FailureCode.Internal, $"record {next} is not there to be kept");
            }

            var written = await file.WriteAsync(offset, [batch.Bytes], cancel);
            if (!written.Succeeded)
            {
                return written;
            }

            offset += batch.Bytes.Length;
            next = batch.Last.Next;
            if (offset - synced >= IFile.UnsyncedBytesMax)
            {
                await file.SyncAsync(cancel);
                synced = offset;
            }
        }

        await file.SyncAsync(cancel);
        return Result.Ok;
    }
}
