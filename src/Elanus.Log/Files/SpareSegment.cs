using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// The file of the next segment, filled with zeros beside the log while the last segment is written. A group in blocks that were only reserved waits, behind its write, for
/// the file system to note that they hold something now; ext4 leaves that to a thread of the kernel, which on busy cores was seen to wait hundreds of milliseconds for
/// its turn. A group in blocks that were written changes nothing but bytes, and its fsync waits for the disk alone.
/// One caller at a time; the task that fills is its own. All of a spare is durable before it is taken, and nothing depends on one before.
/// </summary>
internal sealed class SpareSegment(IFileSystem files, string directory, FileLogOptions options, TimeProvider time) : IAsyncDisposable
{
    private const int PieceBytes = 1 << 20;

    /// <summary>Between two pieces it rests so many times as long as a piece took: a disk that is slow or busy is left to others.</summary>
    private const int RestsForPiece = 8;

    /// <summary>On a disk with less room than so many segments none is prepared.</summary>
    private const int RoomMin = 8;

    /// <summary>No record has position 0: a passing name that a start, of an older program too, deletes.</summary>
    private readonly string path = $"{directory}/{Segment.NameOf(0)}{SegmentFiles.PassingEnd}";

    private Task filling = Task.CompletedTask;
    private CancellationTokenSource? stop;
    private volatile bool whole;
    private volatile Exception? fault;

    /// <summary>Whether a spare of <see cref="FileLogOptions.SegmentBytes"/> is there to be taken.</summary>
    public bool IsWhole => whole;

    /// <summary>
    /// Begins to fill a spare where none is there or on its way; after a start, a while later. Before that the room behind <paramref name="left"/>, a segment that was left before it
    /// was full, is given back.
    /// </summary>
    public void Begin(bool afterStart, Segment? left)
    {
        if (options.SpareBytesASecond > 0 && !whole && filling.IsCompleted)
        {
            stop?.Dispose();
            stop = new();
            filling = FillAsync(afterStart ? options.SpareAfterMs : 0, left is null ? null : (left.Path, left.UsedBytes), stop.Token);
        }
    }

    /// <summary>Throws what the disk answered to a sync: whoever writes to the same disk ends by it.</summary>
    public void ThrowIfFailed()
    {
        if (fault is { } met)
        {
            throw new IOException($"the log's next segment {path} could not be prepared: {met.Message}", met);
        }
    }

    /// <summary>Makes the spare the segment of this header, durably, under the name of that.</summary>
    public async ValueTask<Result<Unit>> TakeAsync(SegmentHeader header, CancellationToken cancel)
    {
        Invariant.Holds(whole, $"{path} is taken before it is whole");
        await filling;
        whole = false;
        await using (var file = await files.OpenAsync(path, FileIntent.ReadWrite, cancel) ?? throw new IOException($"{path} vanished"))
        {
            var written = await file.WriteDurablyAsync(0, [header.ToBytes()], cancel);
            if (!written.Succeeded)
            {
                return written;
            }
        }

        var renamed = await files.RenameAsync(path, $"{directory}/{Segment.NameOf(header.First)}", cancel);
        if (renamed.Succeeded)
        {
            await files.SyncDirectoryAsync(directory, cancel);
        }

        return renamed;
    }

    /// <summary>Stops filling and gives its room back; true where there was something to give.</summary>
    public async ValueTask<bool> GiveUpAsync(CancellationToken cancel)
    {
        if (stop is null)
        {
            return false;
        }

        stop.Cancel();
        await filling;
        stop.Dispose();
        stop = null;
        whole = false;
        return fault is null && await files.DeleteAsync(path, cancel);
    }

    public async ValueTask DisposeAsync() => await GiveUpAsync(CancellationToken.None);

    private async Task FillAsync(int waitMs, (string Path, long UsedBytes)? left, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(waitMs), time, cancel);
            if (left is { } full)
            {
                await GiveBackAsync(full.Path, full.UsedBytes, cancel);
            }

            if (await files.FreeBytesAsync(directory, cancel) < RoomMin * options.SegmentBytes)
            {
                return;
            }

            await files.DeleteAsync(path, cancel);
            var filled = false;
            if ((await files.CreateAsync(path, cancel)).TryGet(out var file, out _))
            {
                await using (file)
                {
                    filled = await FillAsync(file, cancel);
                }
            }

            if (!filled)
            {
                await files.DeleteAsync(path, cancel);
            }

            // The last step: whoever sees it may take the file at once.
            whole = filled;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Who stopped it deletes the file.
        }
        catch (Exception met)
        {
            fault = met;
        }
    }

    /// <summary>False where the disk has no room.</summary>
    private async ValueTask<bool> FillAsync(IFile file, CancellationToken cancel)
    {
        if (!(await file.AllocateAsync(options.SegmentBytes, cancel)).Succeeded)
        {
            return false;
        }

        var zeros = new byte[Math.Min(PieceBytes, options.SegmentBytes)];
        for (var at = 0L; at < options.SegmentBytes; at += zeros.Length)
        {
            var piece = zeros.AsMemory(0, (int)Math.Min(zeros.Length, options.SegmentBytes - at));
            var began = time.GetTimestamp();
            if (!(await file.WriteDurablyAsync(at, [piece], cancel)).Succeeded)
            {
                return false;
            }

            var rest = RestsForPiece * time.GetElapsedTime(began);
            var pace = TimeSpan.FromSeconds((double)piece.Length / options.SpareBytesASecond);
            await Task.Delay(rest > pace ? rest : pace, time, cancel);
        }

        return true;
    }

    /// <summary>What was reserved behind the last group of a segment that takes no more; in pieces, because to free much at once keeps every fsync waiting.</summary>
    private async ValueTask GiveBackAsync(string segment, long usedBytes, CancellationToken cancel)
    {
        await using var file = await files.OpenAsync(segment, FileIntent.ReadWrite, cancel);
        if (file is null)
        {
            return;
        }

        for (var length = await file.LengthAsync(cancel); length > usedBytes;)
        {
            length = Math.Max(usedBytes, length - IFile.UnsyncedBytesMax);
            await file.SetLengthAsync(length, cancel);
            await file.SyncAsync(cancel);
        }
    }
}
