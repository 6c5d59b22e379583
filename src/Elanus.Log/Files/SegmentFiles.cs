using System.Buffers;
using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// A log's files on the disk: the head, the segments, and the one that is written. Methods that write are called by one caller at a time, but that the front moves beside
/// groups that are written; <see cref="Find"/> by any thread. A file has its content before it has its name, and the head announces every removal before it is done.
/// Several groups of the last segment may be on their way to the disk; they land in the order of their places.
/// </summary>
internal sealed class SegmentFiles(IFileSystem files, string directory, ChannelId channel, FileLogOptions options, TimeProvider time, IRandomSource random)
    : IAsyncDisposable
{
    /// <summary>Where the disk has no room for a whole segment, smaller ones are tried, down to this.</summary>
    private const long SegmentBytesMin = 256 * 1024;

    /// <summary>
    /// The end of a segment that only fences may use where there is no room for another: a node that starts on a full disk must be able to open its
    /// epoch, or nobody could read either. A fence takes 512 bytes; small segments keep a part of themselves.
    /// </summary>
    private const long FenceReserveBytes = 16 * 1024;

    /// <summary>Ends the names of files that are not finished.</summary>
    internal const string PassingEnd = ".tmp";

    private readonly SpareSegment spare = new(files, directory, options, time);
    private readonly Lock gate = new();
    private List<Segment> segments = [];
    private LogHead head;

    /// <summary>
    /// The last segment, opened once for each group that may be on its way: an open file is told once that the disk refused something, so a sync beside another one on
    /// the same open file could take its bad news from it.
    /// </summary>
    private readonly List<IFile> writing = [];

    /// <summary>Groups that the file system took, oldest first, and that do not count as durable yet.</summary>
    private readonly Queue<(ulong First, long Offset, long End)> onTheWay = new();
    private int turn;
    private long laidTo;
    private long allocated;
    private bool marked;

    /// <summary>Whether the last segment was a spare: its blocks were written before it was begun.</summary>
    private bool prepared;

    /// <summary>Whether the last segment is open for writing and all that was found in it is durable; not while it is loaded, nor where that broke off.</summary>
    private bool ready;

    /// <summary>The first position that can be read.</summary>
    public LogPosition Front
    {
        get
        {
            lock (gate)
            {
                return new(channel, Math.Max(head.Front, segments[0].First));
            }
        }
    }

    /// <summary>
    /// Reads the log, making it where there is none; finishes what a stop interrupted, and makes all that it found durable. Damage is thrown.
    /// A disk without room for a first segment is a failure. <paramref name="starts"/>: nobody has seen the log in this life.
    /// </summary>
    public async ValueTask<Result<LogLoading>> LoadAsync(bool starts, CancellationToken cancel)
    {
        await CloseAsync();
        await spare.GiveUpAsync(cancel);
        var loading = await InspectAsync(cancel);
        if (loading.Newer is { } newer)
        {
            return Failure.Invalid($"{newer.File} at offset {newer.Offset}: {newer.What}: use the version that wrote it");
        }

        if (starts && loading.Head is not null)
        {
            // A process that ended before it had synced the name of the head may have left it to this one: what is removed below relies on it.
            await files.SyncDirectoryAsync(directory, cancel);
        }

        if (loading.Head is null)
        {
            var formatted = await FormatAsync(loading, cancel);
            if (!formatted.Succeeded)
            {
                return formatted.Failure;
            }

            loading = await InspectAsync(cancel);
        }
        else if (loading.Head is { Cut: { } cut })
        {
            await spare.ClearAsync(cancel);
            var finished = await FinishCutAsync(loading, cut, starts, cancel);
            if (!finished.Succeeded)
            {
                return finished.Failure;
            }

            loading = await InspectAsync(cancel);
        }

        foreach (var garbage in loading.Garbage)
        {
            await files.DeleteAsync(garbage, cancel);
        }

        foreach (var entry in await files.ListAsync(directory, cancel) ?? [])
        {
            // A spare is large, and goes when the next one is begun.
            if (IsPassing(entry.Name) && (entry.Name != SpareSegment.FileName || options.SpareBytesASecond == 0))
            {
                await files.DeleteAsync($"{directory}/{entry.Name}", cancel);
            }
        }

        lock (gate)
        {
            head = loading.Head!.Value;
            segments = [.. loading.Segments];
        }

        await ReopenAsync(loading, cancel);
        return loading;
    }

    /// <summary>Who is told of a failed sync that no caller waits for.</summary>
    public void TellsOfFailedSyncs(Action<Exception> told) => spare.Tells(told);

    /// <summary>The files that hold the log from a position on, up to a durable end.</summary>
    public LogExtent ExtentFrom(ulong position, Func<ulong> end)
    {
        lock (gate)
        {
            // The end first: what is durable by then is in the bytes counted after it.
            var durable = end();
            return LogExtent.Of(head, segments, position, durable);
        }
    }

    /// <summary>Bytes of the segments from the one that holds a position to the one before that which holds another.</summary>
    public long BytesBetween(ulong from, ulong to)
    {
        lock (gate)
        {
            var first = Math.Max(0, segments.FindLastIndex(segment => segment.First <= from));
            return segments.Skip(first).TakeWhile(segment => segment.First <= to).SkipLast(1).Sum(segment => segment.UsedBytes);
        }
    }

    /// <summary>The segment that holds a position, or will; null below the front.</summary>
    public Segment? Find(ulong position)
    {
        lock (gate)
        {
            return segments.FindLast(segment => segment.First <= position);
        }
    }

    /// <summary>Whether a group of so many bytes goes behind the last one; where not, all groups must have landed before it is written, and a new segment begins.</summary>
    public bool HasPlace(long bytes) => HasRoom(bytes) && !LeavesFor(bytes);

    /// <summary>Whether a group may be written while the one before it is on its way.</summary>
    public bool TakesGroupsBeside => segments[^1].Header.TakesGroupsBeside;

    /// <summary>Bytes of a segment that hold whole, durable groups.</summary>
    public long UsedBytes(Segment segment)
    {
        lock (gate)
        {
            return segment.UsedBytes;
        }
    }

    /// <summary>Where in a segment a reader begins to look for a position.</summary>
    public long OffsetBefore(Segment segment, ulong position)
    {
        lock (gate)
        {
            return segment.OffsetBefore(position);
        }
    }

    /// <summary>
    /// Writes one group behind the last. On a failure (no room) nothing of it will ever be read. Whatever throws here, or in the sync that is returned, leaves the disk in a
    /// state that only the next start can tell. <paramref name="opens"/> says that a fence is in it. The sync has ended when this returns, but where the group may be
    /// <paramref name="beside"/> others: then this returns when the file system took it. Durable it is when <see cref="Landed"/> was called for it and all before it.
    /// </summary>
    public async ValueTask<Result<Task>> WriteAsync(
        GroupBuilder group, bool opens, HistoryEnd before, bool beside, CancellationToken cancel)
    {
        var room = await MakeRoomAsync(group.SpaceBytes, opens, before, cancel);
        if (!room.Succeeded)
        {
            return room.Failure;
        }

        var segment = segments[^1];
        var offset = laidTo;
        Invariant.Holds(onTheWay.Count == 0 || segment.Header.TakesGroupsBeside, $"{segment.Path} is of a format whose groups say that all before them is durable");
        Invariant.Holds(onTheWay.Count < writing.Count, $"{onTheWay.Count} groups of {segment.Path} are on their way, and another is written");
        marked = false;
        var file = writing[turn];
        var pieces = group.Finish(segment.Header, offset, segment.UsedBytes);
        Result<Unit> written;
        var synced = Task.CompletedTask;
        if (beside)
        {
            var taken = new TaskCompletionSource<Result<Unit>>(TaskCreationOptions.RunContinuationsAsynchronously);
            synced = WriteBesideAsync(file, offset, pieces, taken, cancel);
            written = await taken.Task;
        }
        else
        {
            written = await file.WriteDurablyAsync(offset, pieces, cancel);
        }

        if (!written.Succeeded)
        {
            // Refused means never read back: the header goes, durably, before the answer does. Where even that has no room, the process ends.
            var undone = await file.WriteAsync(offset, [new byte[GroupHeader.Alignment]], cancel);
            if (!undone.Succeeded)
            {
                throw new IOException($"{segment.Path} has no room, not even to undo a write that did not fit: {undone.Failure}");
            }

            await file.SyncAsync(cancel);
            return written.Failure;
        }

        laidTo = offset + group.SpaceBytes;
        turn = (turn + 1) % writing.Count;
        onTheWay.Enqueue((before.Position.Number + 1, offset, laidTo));
        return synced;
    }

    /// <summary>Tells at once that the file system took a write, or why not, and ends with its sync.</summary>
    private static async Task WriteBesideAsync(
        IFile file, long offset, IReadOnlyList<ReadOnlyMemory<byte>> pieces, TaskCompletionSource<Result<Unit>> taken, CancellationToken cancel)
    {
        try
        {
            taken.TrySetResult(await file.WriteDurablyAsync(offset, pieces, () => taken.TrySetResult(Result.Ok), cancel));
        }
        catch (Exception fault) when (taken.TrySetException(fault))
        {
            // The write itself failed, and whoever waits for it is told.
        }
    }

    /// <summary>The oldest group on its way is durable: its sync, and that of every group before it, returned well.</summary>
    public void Landed()
    {
        var (first, offset, end) = onTheWay.Dequeue();
        lock (gate)
        {
            var segment = segments[^1];
            Invariant.Holds(offset == segment.UsedBytes, $"the group at {offset} of {segment.Path} lands where {segment.UsedBytes} bytes are durable");
            segment.Added(first, offset, end);
        }
    }

    /// <summary>Whether a group of so many bytes would find room: in the last segment, or in a next one.</summary>
    public async ValueTask<bool> HasRoomAsync(long bytes, CancellationToken cancel) =>
        HasRoom(bytes)
        || await files.FreeBytesAsync(directory, cancel) >= Math.Max(SegmentHeader.Bytes + bytes, SegmentBytesMin);

    /// <summary>
    /// Says behind the last group that it is durable, so that damage to it can be told from a torn write. Not itself made durable, and
    /// replaced by the next group.
    /// </summary>
    public async ValueTask MarkAsync(LogPosition end, CancellationToken cancel)
    {
        Invariant.Holds(onTheWay.Count == 0, "a mark would say of groups on their way that they are durable");
        var offset = laidTo;
        if (marked || !ready || offset + GroupHeader.Bytes > allocated)
        {
            return;
        }

        var mark = new byte[GroupHeader.Bytes];
        new GroupHeader(head.LogId, segments[^1].First, offset, end.Number + 1, 0, 0) { Format = segments[^1].Header.Format }.Write(mark);
        // No room for a mark is no loss: it only sharpens a later verdict.
        marked = (await writing[turn].WriteAsync(offset, [mark], cancel)).Succeeded;
    }

    public ValueTask SyncAsync(CancellationToken cancel) => ready ? writing[turn].SyncAsync(cancel) : ValueTask.CompletedTask;

    /// <summary>Lets go of the segments that hold nothing at or above a position; the last one stays. Their files are to be deleted; a stop before that leaves it to the next start.</summary>
    public async ValueTask<Result<List<Segment>>> MoveFrontAsync(ulong needed, CancellationToken cancel)
    {
        ulong front;
        lock (gate)
        {
            var keep = segments.FindLastIndex(segment => segment.First <= needed);
            if (keep <= 0)
            {
                return new List<Segment>();
            }

            front = segments[keep].First;
        }

        var announced = await WriteHeadAsync(head with { Front = front }, cancel);
        if (!announced.Succeeded)
        {
            return announced.Failure;
        }

        lock (gate)
        {
            // Others may have been added at the end meanwhile.
            var keep = segments.FindIndex(segment => segment.First == front);
            var gone = segments[..keep];
            segments = segments[keep..];
            return gone;
        }
    }

    /// <summary>Deletes the files of segments that were let go of. Not itself on the way of what is written.</summary>
    public async ValueTask DeleteAsync(List<Segment> gone)
    {
        foreach (var segment in gone)
        {
            await files.DeleteAsync(segment.Path, CancellationToken.None);
        }
    }

    /// <summary>Announces a cut; <see cref="LoadAsync"/> then does it, at once or after a stop.</summary>
    public ValueTask<Result<Unit>> BeginCutAsync(ulong end, CancellationToken cancel) => WriteHeadAsync(head with { Cut = end }, cancel);

    /// <summary>Nothing that was built from the records of the last cut is left.</summary>
    public ValueTask<Result<Unit>> ForgetCutAsync(CancellationToken cancel) => WriteHeadAsync(head with { LastCut = null }, cancel);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await spare.DisposeAsync();
    }

    private async ValueTask CloseAsync()
    {
        ready = false;
        foreach (var file in writing)
        {
            await file.DisposeAsync();
        }

        writing.Clear();
    }

    /// <summary>Of the log's own files alone: a promise beside them may be on its way while the log is cut.</summary>
    private static bool IsPassing(string name) =>
        name.EndsWith(PassingEnd, StringComparison.Ordinal)
        && name[..^PassingEnd.Length] is var finished && (finished == LogHead.FileName || Segment.TryParseName(finished, out _));

    private async ValueTask<LogLoading> InspectAsync(CancellationToken cancel)
    {
        var loading = new LogLoading(files, directory, channel);
        await loading.RunAsync(cancel);
        // Before a cut is finished, what lies behind it need not be whole.
        return loading.Damage.Count == 0 || loading.Newer is not null || loading.Head?.Cut is not null ? loading : throw new LogDamagedException(loading.Damage[0]);
    }

    private async ValueTask<Result<Unit>> FormatAsync(LogLoading loading, CancellationToken cancel)
    {
        var made = await files.CreateDirectoryAsync(directory, cancel);
        if (!made.Succeeded)
        {
            return made;
        }

        if (Path.GetDirectoryName(directory) is { Length: > 0 } above)
        {
            await files.SyncDirectoryAsync(above, cancel);
        }

        var fresh = new LogHead(random.NextUInt64(), channel, 1, null, null);
        var first = new SegmentHeader(fresh.LogId, HistoryEnd.Empty(channel));
        var published = await PublishAsync(Segment.NameOf(1), [first.ToBytes()], SegmentHeader.Bytes, cancel);
        if (!published.Succeeded)
        {
            return published;
        }

        return await WriteHeadAsync(fresh, cancel);
    }

    /// <summary>
    /// Opens the last segment for writing. What its groups do not prove to be durable is written once more before it counts: a process that ended at a failed fsync may
    /// have left it in the page cache, marked clean, and nowhere else. A torn tail, whole groups in it included, is erased before anything is written over it.
    /// </summary>
    private async ValueTask ReopenAsync(LogLoading loading, CancellationToken cancel)
    {
        var last = segments[^1];
        await OpenForWritingAsync(last, cancel);
        if (loading.DurableOffset < last.UsedBytes)
        {
            var groups = new byte[last.UsedBytes - loading.DurableOffset];
            await writing[0].ReadAsync(loading.DurableOffset, groups, cancel);
            var again = await writing[0].WriteAsync(loading.DurableOffset, [groups], cancel);
            Invariant.Holds(again.Succeeded, $"{last.Path} had room for its last groups once");
        }

        if (loading.TornTail is not null)
        {
            await writing[0].SetLengthAsync(last.UsedBytes, cancel);
        }

        await writing[0].SyncAsync(cancel);
        await files.SyncDirectoryAsync(directory, cancel);
        if (loading.TornTail is not null)
        {
            // Where there is no room for that, the next group opens a new segment or is refused.
            var grown = await writing[0].AllocateAsync(allocated, cancel);
            allocated = grown.Succeeded ? allocated : last.UsedBytes;
        }

        (prepared, ready) = (false, true);
        spare.Begin(left: null);
    }

    private async ValueTask OpenForWritingAsync(Segment segment, CancellationToken cancel)
    {
        Invariant.Holds(onTheWay.Count == 0, $"{segment.Path} is opened for writing while groups are on their way");
        while (writing.Count < options.GroupsAtOnceMax)
        {
            writing.Add(await files.OpenAsync(segment.Path, FileIntent.ReadWrite, cancel) ?? throw new IOException($"{segment.Path} vanished"));
        }

        allocated = await writing[0].LengthAsync(cancel);
        laidTo = segment.UsedBytes;
        turn = 0;
        marked = false;
    }

    private bool HasRoom(long bytes) =>
        laidTo + bytes + Math.Min(FenceReserveBytes, allocated / 16) <= allocated;

    /// <summary>Whether a segment that was only reserved is left before it is full, because a prepared one is there.</summary>
    private bool LeavesFor(long bytes) => !prepared && spare.IsWhole && laidTo > SegmentHeader.Bytes && SegmentHeader.Bytes + bytes <= options.SegmentBytes;

    /// <summary>Sees to it that the last segment has room, opening the next one if not.</summary>
    private async ValueTask<Result<Unit>> MakeRoomAsync(long bytes, bool opens, HistoryEnd before, CancellationToken cancel)
    {
        // A fence does not wait for that: a takeover does.
        var leaves = !opens && onTheWay.Count == 0 && LeavesFor(bytes);
        if (HasRoom(bytes) && !leaves)
        {
            return Result.Ok;
        }

        // A named segment vouches for all before it.
        Invariant.Holds(onTheWay.Count == 0, "a segment begins while groups of the one before it are on their way");
        var header = new SegmentHeader(head.LogId, before);
        var least = SegmentHeader.Bytes + bytes;
        var taken = spare.IsWhole && least <= options.SegmentBytes && (await spare.TakeAsync(header, cancel)).Succeeded;
        if (!taken && HasRoom(bytes))
        {
            await spare.GiveUpAsync(cancel);
            return Result.Ok;
        }

        var name = Segment.NameOf(header.First);
        for (var size = Math.Max(options.SegmentBytes, least); !taken; size = Math.Max(size / 4, Math.Max(least, SegmentBytesMin)))
        {
            var published = await PublishAsync(name, [header.ToBytes()], size, cancel);
            if (!published.Succeeded && await spare.GiveUpAsync(cancel))
            {
                published = await PublishAsync(name, [header.ToBytes()], size, cancel);
            }

            if (published.Succeeded)
            {
                break;
            }

            if (size <= Math.Max(least, SegmentBytesMin))
            {
                // Fences come rarely; what follows them is refused until there is room.
                return opens && laidTo + bytes <= allocated ? Result.Ok : published;
            }
        }

        await CloseAsync();
        var (left, segment) = (segments[^1], new Segment($"{directory}/{name}", header));
        await OpenForWritingAsync(segment, cancel);
        (prepared, ready) = (taken, true);
        lock (gate)
        {
            // A segment without records has the name of the one that replaces it.
            segments.RemoveAll(old => old.First == segment.First);
            segments.Add(segment);
        }

        spare.Begin(leaves ? left : null);
        return Result.Ok;
    }

    /// <summary>Cuts the history behind a position: a new segment takes over there, with the rest of the group that was cut, and what lies behind goes.</summary>
    private async ValueTask<Result<Unit>> FinishCutAsync(LogLoading loading, ulong end, bool starts, CancellationToken cancel)
    {
        var logId = loading.Head!.Value.LogId;
        var names = await loading.SegmentNamesAsync(cancel);
        var (path, first) = names.FindLast(name => name.First <= end + 1);
        Invariant.Holds(path is not null, $"a cut of {channel} to {end} lies below its front");
        var (buffer, length) = await LogLoading.ReadWholeAsync(files, path, cancel);
        try
        {
            var file = buffer.AsMemory(0, length);
            var content = SegmentCut.Of(file, path, first, end, logId);
            if (content is { } cut)
            {
                // A group that reaches past the end of its file counts as torn, and it reaches to the next multiple. On a disk without room for more that is enough.
                var least = GroupHeader.Aligned(cut.Pieces.Sum(piece => (long)piece.Length));
                var published = await PublishAsync(Segment.NameOf(cut.First), cut.Pieces, Math.Max(options.SegmentBytes, least), cancel);
                if (!published.Succeeded && !(published = await PublishAsync(Segment.NameOf(cut.First), cut.Pieces, least, cancel)).Succeeded)
                {
                    return published;
                }
            }

            foreach (var (later, _) in names.Where(name => name.First > (content?.First ?? end + 1)))
            {
                await files.DeleteAsync(later, cancel);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        await files.SyncDirectoryAsync(directory, cancel);
        return await WriteHeadAsync(loading.Head.Value with { Cut = null, LastCut = starts ? end : null }, cancel);
    }

    private async ValueTask<Result<Unit>> WriteHeadAsync(LogHead replaced, CancellationToken cancel)
    {
        var published = await PublishAsync(LogHead.FileName, [replaced.ToBytes()], LogHead.Bytes, cancel);
        if (published.Succeeded)
        {
            lock (gate)
            {
                head = replaced;
            }
        }

        return published;
    }

    /// <summary>Makes a file under a passing name, durable with its content, and gives it its name, durably.</summary>
    private async ValueTask<Result<Unit>> PublishAsync(
        string name, IReadOnlyList<ReadOnlyMemory<byte>> content, long bytes, CancellationToken cancel)
    {
        var passing = $"{directory}/{name}{PassingEnd}";
        await files.DeleteAsync(passing, cancel);
        var created = await files.CreateAsync(passing, cancel);
        if (!created.TryGet(out var file, out var why))
        {
            return why;
        }

        Result<Unit> done;
        await using (file)
        {
            done = await file.AllocateAsync(bytes, cancel);
            done = done.Succeeded ? await file.WriteAsync(0, content, cancel) : done;
            if (done.Succeeded)
            {
                await file.SyncAsync(cancel);
            }
        }

        if (!done.Succeeded)
        {
            // Closed first, so that its room is free when this has ended.
            await files.DeleteAsync(passing, cancel);
            return done;
        }

        var renamed = await files.RenameAsync(passing, $"{directory}/{name}", cancel);
        if (renamed.Succeeded)
        {
            await files.SyncDirectoryAsync(directory, cancel);
        }

        return renamed;
    }
}
