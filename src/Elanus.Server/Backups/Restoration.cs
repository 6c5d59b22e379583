using System.Globalization;
using Elanus.Log;
using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>Makes a data directory of a backup, as of its end or of any time since its checkpoint.</summary>
public static class Restoration
{
    private const int ChunkBytes = 256 * 1024;

    /// <summary>The segment that a cut may begin; the server makes larger ones.</summary>
    private const long CutSegmentBytes = 1 << 20;

    /// <summary>Reads and checks a backup's manifest.</summary>
    public static async Task<Result<BackupManifest>> ReadManifest(IFileSystem files, string from, CancellationToken cancel)
    {
        var path = $"{from}/{BackupManifest.FileName}";
        await using var file = await files.OpenAsync(path, FileIntent.Read, cancel);
        if (file is null)
        {
            return Failure.Invalid($"{from} is no backup, or one that did not end: it has no {BackupManifest.FileName}");
        }

        var bytes = new byte[await file.LengthAsync(cancel)];
        await file.ReadAsync(0, bytes, cancel);
        return !BackupManifest.Read(bytes, path).TryGet(out var manifest, out var failure) ? failure
            : manifest.Files.Any(f => !BackupNames.AreSafe(f.Name)) ? Failure.Invalid($"{path} names files outside of the backup")
            : manifest;
    }

    /// <summary>
    /// Restores into an empty directory every record with a timestamp up to <paramref name="until"/> (null: all). Failures name what is at fault: a time
    /// outside of the backup's range, with the range; a file that is missing or damaged. Then the directory stays marked as unfinished.
    /// </summary>
    /// <param name="from">The backup.</param>
    /// <param name="to">An absolute path.</param>
    /// <param name="until">Restored as of this time.</param>
    /// <param name="seams">Time and randomness for the new node.</param>
    /// <param name="progress">Is told the bytes copied so far.</param>
    /// <param name="cancel">Stops between two pieces.</param>
    public static async Task<Result<RestoredNode>> Run(
        string from, string to, Timestamp? until, NodeSeams seams, Action<long> progress, CancellationToken cancel)
    {
        var files = seams.Files;
        if (!(await ReadManifest(files, from, cancel)).TryGet(out var manifest, out var failure))
        {
            return failure;
        }

        if (until is { } wanted && (wanted < manifest.From || wanted.PhysicalMs > manifest.End.PhysicalMs))
        {
            return Failure.Invalid($"the backup can be restored to any time from {Time(manifest.From)} to {Time(manifest.End)}, and {Time(wanted)} is not within");
        }

        // A time of day may reach past the end within its last millisecond.
        var asOf = until is { } time && time < manifest.End ? time : manifest.End;
        if (!(await DataDirectory.BeginRestore(files, to, seams.Random, cancel)).TryGet(out var directory, out failure))
        {
            return failure;
        }

        await using (directory)
        {
            long done = 0;
            foreach (var file in manifest.Files)
            {
                if (!(await Copy(files, from, to, file, bytes => progress(done += bytes), cancel)).TryGet(out _, out failure))
                {
                    return failure;
                }

                if (await StoredFileChecksum.Damage(files, $"{to}/{file.Name}", null, seams.Work, cancel) is { } damage)
                {
                    return new Failure(FailureCode.Internal, $"the backup's file {from}/{file.Name} was damaged before it was copied: {damage}");
                }
            }

            foreach (var folder in manifest.Files.Select(file => Path.GetDirectoryName(file.Name)!).Distinct())
            {
                await files.SyncDirectoryAsync($"{to}/{folder}", cancel);
            }

            if (!(await Cut(directory, manifest, asOf, seams, cancel)).TryGet(out var last, out failure))
            {
                return failure;
            }

            await directory.Finish(files, cancel);
            return new RestoredNode(directory.Node, last, asOf);
        }
    }

    /// <summary>A timestamp for people: the time of day, and the number itself.</summary>
    public static string Time(Timestamp timestamp) => timestamp == Timestamp.Zero
        ? "the beginning"
        : string.Create(
            CultureInfo.InvariantCulture, $"{DateTimeOffset.FromUnixTimeMilliseconds((long)timestamp.PhysicalMs):yyyy-MM-ddTHH:mm:ss.fffZ} (timestamp {timestamp.Value})");

    private static async Task<Result<Unit>> Copy(
        IFileSystem files, string from, string to, BackupFile file, Action<int> progress, CancellationToken cancel)
    {
        await using var source = await files.OpenAsync($"{from}/{file.Name}", FileIntent.Read, cancel);
        if (source is null)
        {
            return new Failure(FailureCode.Internal, $"the backup's file {from}/{file.Name} is missing");
        }

        if (!(await files.CreateDirectoryAsync($"{to}/{Path.GetDirectoryName(file.Name)}", cancel)).TryGet(out _, out var failure)
            || !(await files.CreateAsync($"{to}/{file.Name}", cancel)).TryGet(out var target, out failure))
        {
            return failure;
        }

        await using (target)
        {
            var buffer = new byte[ChunkBytes];
            uint crc = 0;
            var (at, synced) = (0L, 0L);
            for (int read; (read = await source.ReadAsync(at, buffer, cancel)) > 0; at += read)
            {
                crc = Crc32C.Continue(crc, buffer.AsSpan(0, read));
                if (!(await target.WriteAsync(at, [buffer.AsMemory(0, read)], cancel)).TryGet(out _, out failure))
                {
                    return failure;
                }

                progress(read);
                if (at + read - synced >= IFile.UnsyncedBytesMax)
                {
                    await target.SyncAsync(cancel);
                    synced = at + read;
                }
            }

            if (at != file.Bytes || crc != file.Crc)
            {
                return new Failure(FailureCode.Internal, $"the backup's file {from}/{file.Name} is damaged: its {at} bytes are not the {file.Bytes} that were written");
            }

            await target.SyncAsync(cancel);
        }

        return Result.Ok;
    }

    /// <summary>Cuts the copied log behind the last record that belongs to the time; the position of that record.</summary>
    private static async Task<Result<LogPosition>> Cut(DataDirectory directory, BackupManifest manifest, Timestamp until, NodeSeams seams, CancellationToken cancel)
    {
        if (!(await LastOf(directory, manifest, until, seams.Files, cancel)).TryGet(out var last, out var missing))
        {
            return missing;
        }

        var clock = new HybridClock(seams.Time);
        var started = await FileLog.StartAsync(seams.Files, directory.LogPath, last.Channel, new() { SegmentBytes = CutSegmentBytes }, clock, seams.Time, seams.Random, null, cancel);
        if (!started.TryGet(out var log, out var failure))
        {
            return failure;
        }

        await using (log)
        {
            return (await log.CutAsync(last, cancel)).TryGet(out _, out failure) ? last : failure;
        }
    }

    /// <summary>
    /// The last record that belongs to the time. Where the log ends before the backup's last record, and before one that proves that no more belong to the time, records are
    /// missing: a damaged last group looks like a write that was torn.
    /// </summary>
    private static async Task<Result<LogPosition>> LastOf(DataDirectory directory, BackupManifest manifest, Timestamp until, IFileSystem files, CancellationToken cancel)
    {
        var last = new LogPosition(new(manifest.Channel), manifest.FromPosition);
        try
        {
            await foreach (var record in LogHistory.ReadAsync(files, directory.LogPath, last.Channel, last.Next, cancel))
            {
                if (record.Timestamp > until || record.Position.Number > manifest.EndPosition)
                {
                    return last;
                }

                if (record.Position != last.Next)
                {
                    return Missing(last.Next.Number, record.Position.Number - 1);
                }

                last = record.Position;
                if (record.Timestamp == until)
                {
                    return last;
                }
            }
        }
        catch (LogDamagedException damaged)
        {
            return new Failure(FailureCode.Internal, $"the backup's log is damaged: {damaged.Message}");
        }

        return last.Number < manifest.EndPosition && until > manifest.From ? Missing(last.Next.Number, manifest.EndPosition) : last;

        Result<LogPosition> Missing(ulong from, ulong to) => new Failure(
            FailureCode.Internal,
            $"the backup's log lacks records {from} to {to}: its files were damaged when they were copied; restore an earlier time with --until, or another backup");
    }
}
