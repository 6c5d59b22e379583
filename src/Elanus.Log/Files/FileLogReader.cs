using System.Numerics;
using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// Walks the groups of the segment files, up to the commit position, or up to the durable one where others are sent what is not committed yet. It holds one buffer, as large as the largest record met, and finds its
/// place anew when the segments changed. What the tail holds it takes from there: whoever follows the end of a watched log reads no file.
/// </summary>
internal sealed class FileLogReader(IFileSystem fileSystem, SegmentFiles files, RecordTail tail, CommitLedger ledger, LogPosition from, bool uncommittedToo = false) : ILogReader
{
    private const int BufferBytesMin = 4 * 1024;
    private const int BufferBytesMax = 256 * 1024;

    private readonly List<LogRecord> batch = [];
    private byte[] buffer = [];
    private Segment? segment;
    private IFile? file;
    private long bufferedFrom;
    private int buffered;
    private long offset;
    private uint leftInGroup;

    public LogPosition Next { get; private set; } = from;

    public async ValueTask<Result<IReadOnlyList<LogRecord>>> NextAsync(CancellationToken cancel)
    {
        batch.Clear();
        if (!uncommittedToo)
        {
            await ledger.WaitAsync(Next, cancel);
        }

        var end = uncommittedToo ? ledger.Durable : ledger.Committed;
        if (tail.From(Next) is { } held)
        {
            await DisposeAsync();
            TakeFrom(held, end);
            return Result<IReadOnlyList<LogRecord>>.Ok(batch);
        }

        // A cut behind the commit position may replace the segment while it is read; then the place is looked up again.
        while (batch.Count == 0)
        {
            if (!await LocateAsync(cancel))
            {
                return FileLog.Truncated(Next, files.Front);
            }

            while (Next <= end && Step(end) is { } missing)
            {
                if (missing == 0)
                {
                    continue;
                }

                if (batch.Count > 0)
                {
                    // The buffer is not overwritten under records that have not been handed out.
                    break;
                }

                var unread = Room(missing);
                buffered += await file!.ReadAsync(bufferedFrom + buffered, unread, cancel);
                if (!IsBuffered(missing))
                {
                    throw Damaged($"the file ends before record {Next.Number}");
                }
            }
        }

        return Result<IReadOnlyList<LogRecord>>.Ok(batch);
    }

    public async ValueTask DisposeAsync()
    {
        if (file is not null)
        {
            await file.DisposeAsync();
            file = null;
            segment = null;
        }
    }

    /// <summary>Records that this process wrote, or was sent and has checked, up to an end: at least the first.</summary>
    private void TakeFrom(RecordBatch held, LogPosition end)
    {
        for (var at = 0; Next <= end && at < held.Bytes.Length;)
        {
            Invariant.Holds(RecordHeader.TryRead(held.Bytes.Span[at..], out var header, out var wrong), wrong);
            Invariant.Holds(header.Position == Next, $"record {header.Position.Number} stands in the tail where record {Next.Number} belongs");
            batch.Add(new(header, held.Bytes.Slice(at + RecordHeader.Bytes, header.Length)));
            at += (int)RecordHeader.SpaceOf(header.Length);
            Next = Next.Next;
        }

        Invariant.Holds(batch.Count > 0, $"record {Next.Number} is read, and the log may be read up to {end} only");
    }

    /// <summary>Opens the segment that holds the next position, unless it is open; false where it was truncated.</summary>
    private async ValueTask<bool> LocateAsync(CancellationToken cancel)
    {
        var found = files.Find(Next.Number);
        if (found is not null && ReferenceEquals(found, segment))
        {
            return true;
        }

        await DisposeAsync();
        if (found is null || await fileSystem.OpenAsync(found.Path, FileIntent.Read, cancel) is not { } opened)
        {
            return false;
        }

        file = opened;
        segment = found;
        buffered = 0;
        leftInGroup = 0;
        offset = files.OffsetBefore(found, Next.Number);
        return true;
    }

    /// <summary>
    /// One step along what is buffered: into the next group or over it, or over one record, which is added to the batch where it is the next. How many bytes at the
    /// offset must be buffered before it can be made; 0 where it was made; null where the segment is to be looked up again.
    /// </summary>
    private int? Step(LogPosition end)
    {
        if (leftInGroup == 0)
        {
            return ReferenceEquals(files.Find(Next.Number), segment) ? StepIntoGroup() : null;
        }

        if (!IsBuffered(RecordHeader.Bytes))
        {
            return RecordHeader.Bytes;
        }

        if (!RecordHeader.TryRead(Buffered(RecordHeader.Bytes).Span, out var header, out var wrong))
        {
            throw Damaged(wrong);
        }

        if (header.Length < 0 || header.Position.Channel != Next.Channel || header.Position > Next)
        {
            throw Damaged($"record {header.Position.Number} stands where record {Next.Number} belongs");
        }

        var space = (int)RecordHeader.SpaceOf(header.Length);
        if (!IsBuffered(space))
        {
            return space;
        }

        if (header.Position == Next)
        {
            Invariant.Holds(Next <= end, "a record past the position that may be read was read");
            var payload = Buffered(space).Slice(RecordHeader.Bytes, header.Length);
            if (Crc32C.Of(payload.Span) != header.PayloadCrc)
            {
                throw Damaged($"the payload of record {header.Position.Number} fails its checksum");
            }

            batch.Add(new(header, payload));
            Next = Next.Next;
        }

        offset += space;
        leftInGroup--;
        return 0;
    }

    /// <summary>Steps into the group at the next boundary, or over it where it lies wholly before the next position.</summary>
    private int StepIntoGroup()
    {
        offset = GroupHeader.Aligned(offset);
        if (!IsBuffered(GroupHeader.Bytes))
        {
            return GroupHeader.Bytes;
        }

        if (GroupHeader.Read(Buffered(GroupHeader.Bytes).Span) is not { Count: > 0 } group || group.Offset != offset || group.First > Next.Number)
        {
            throw Damaged($"no group of records stands where record {Next.Number} belongs");
        }

        if (group.First + group.Count <= Next.Number)
        {
            offset = group.End;
            return 0;
        }

        offset += GroupHeader.Bytes;
        leftInGroup = group.Count;
        return 0;
    }

    private bool IsBuffered(int count) => offset >= bufferedFrom && offset + count <= bufferedFrom + buffered;

    private ReadOnlyMemory<byte> Buffered(int count) => buffer.AsMemory((int)(offset - bufferedFrom), count);

    /// <summary>Moves what is buffered from the offset on to the front of a buffer that holds so many bytes; what is to be read behind it.</summary>
    private Memory<byte> Room(int count)
    {
        // Only whole, durable groups are read, so what is buffered never changes on the disk and is not read again.
        var kept = offset >= bufferedFrom && offset < bufferedFrom + buffered ? Buffered((int)(bufferedFrom + buffered - offset)) : default;

        // As large as what is there to read: whoever follows the end of a log gets a few records at a time.
        var used = files.UsedBytes(segment!);
        var left = Math.Max(used - offset, count);
        if (buffer.Length < Math.Min(left, BufferBytesMax) || buffer.Length < count)
        {
            var usual = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(left, BufferBytesMin, BufferBytesMax));
            buffer = new byte[Math.Max(usual, GroupHeader.Aligned(count))];
        }

        kept.CopyTo(buffer);
        bufferedFrom = offset;
        buffered = kept.Length;
        var readable = (int)Math.Clamp(used - offset, buffered, buffer.Length);
        return buffer.AsMemory(buffered, readable - buffered);
    }

    private LogDamagedException Damaged(string what) => new(new(segment!.Path, offset, what));
}
