using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// The file of the next segment, filled with zeros beside the log while the last segment is written. A group in blocks that were only reserved waits, behind its write, for
/// the file system to note that they hold something now; ext4 leaves that to a thread of the kernel, which on busy cores was seen to wait hundreds of milliseconds for
/// its turn. A group in blocks that were written changes nothing but bytes, and its fsync waits for the disk alone.
/// One caller at a time; the task that fills is its own. All of a spare is durable before it is taken, and nothing depends on one before: whatever but a failed sync keeps one from being made is
/// no harm.
/// </summary>
internal sealed class SpareSegment(IFileSystem files, string directory, FileLogOptions options, TimeProvider time) : IAsyncDisposable
{
    /// <summary>No record has position 0: a passing name that a start, of an older program too, deletes.</summary>
    public static readonly string FileName = Segment.NameOf(0) + SegmentFiles.PassingEnd;

    private const int PieceBytes = 1 << 20;

    /// <summary>Between two pieces it rests so many times as long as a piece took: a disk that is slow or busy is left to others.</summary>
    private const int RestsForPiece = 8;

    private static readonly TimeSpan RestMax = TimeSpan.FromSeconds(10);

    /// <summary>On a disk with less room than so many segments none is prepared.</summary>
    private const int RoomMin = 8;

    private readonly string path = $"{directory}/{FileName}";

    private Task filling = Task.CompletedTask;
    private CancellationTokenSource? stop;
    private volatile bool whole;
    private readonly Lock gate = new();
    private Exception? fault;
    private Action<Exception>? failed;

    /// <summary>Whether a spare of <see cref="FileLogOptions.SegmentBytes"/> is there to be taken.</summary>
    public bool IsWhole => whole;

    /// <summary>
    /// Begins to fill a spare a while later, where none is there or on its way. Before that the room behind <paramref name="left"/>, a segment that was left before it
    /// was full, is given back.
    /// </summary>
    public void Begin(Segment? left)
    {
        if (options.SpareBytesASecond > 0 && !whole && filling.IsCompleted)
        {
            stop?.Dispose();
            stop = new();
            filling = FillAsync(left is null ? null : (left.Path, left.UsedBytes), stop.Token);
        }
    }

    /// <summary>Who is told that a sync failed, once; at once where one did before.</summary>
    public void Tells(Action<Exception> failed)
    {
        lock (gate)
        {
            this.failed = failed;
            Tell();
        }
    }

    /// <summary>Makes the spare the segment of this header, durably, under the name of that.</summary>
    public async ValueTask<Result<Unit>> TakeAsync(SegmentHeader header, CancellationToken cancel)
    {
        Invariant.Holds(whole, $"{path} is taken before it is whole");
        await filling;
        whole = false;
        if (await files.OpenAsync(path, FileIntent.ReadWrite, cancel) is not { } file)
        {
            return new Failure(FailureCode.Internal, $"{path} was removed");
        }

        await using (file)
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
        return await files.DeleteAsync(path, cancel);
    }

    /// <summary>Ends the task. The file stays, for the next start: to free it here could take long, and fail.</summary>
    public async ValueTask DisposeAsync()
    {
        stop?.Cancel();
        await filling;
        stop?.Dispose();
        stop = null;
    }

    /// <summary>Removes what an earlier process left.</summary>
    public async ValueTask ClearAsync(CancellationToken cancel) => await files.DeleteAsync(path, cancel);

    private void Tell()
    {
        if (fault is not null && failed is { } told)
        {
            failed = null;
            told(fault);
        }
    }

    private async Task FillAsync((string Path, long UsedBytes)? left, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(options.SpareAfterMs), time, cancel);
            if (left is { } full)
            {
                await GiveBackAsync(full.Path, full.UsedBytes, cancel);
            }

            await files.DeleteAsync(path, cancel);
            if (await files.FreeBytesAsync(directory, cancel) < RoomMin * options.SegmentBytes)
            {
                return;
            }

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
        catch (FailedSyncException met)
        {
            lock (gate)
            {
                fault = new IOException($"the log's next segment {path} could not be prepared: {met.Message}", met);
                Tell();
            }
        }
        catch (IOException)
        {
            // No spare, then: the next segment is preallocated.
            LogMetrics.NotPrepared();
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
            await Task.Delay(rest > RestMax ? RestMax : rest > pace ? rest : pace, time, cancel);
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
