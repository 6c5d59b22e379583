using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// What a segment's bytes say, found without touching a disk. A group counts as a whole or not at all. Where the groups stop, the rest of
/// the file is searched for a group header of this log that says that the place was durable: then it is damaged. Where none says so, writes were under way there, and all
/// from there on is their torn tail (the README of this folder argues both).
/// </summary>
internal sealed class SegmentScan
{
    private readonly List<Fence> fences = [];
    private readonly List<(ulong First, long Offset)> groups = [];

    private SegmentScan(HistoryEnd end) => End = end;

    /// <summary>The end of the history after the last whole group.</summary>
    public HistoryEnd End { get; private set; }

    /// <summary>Where the last whole group ends, and the next one goes.</summary>
    public long EndOffset { get; private set; } = SegmentHeader.Bytes;

    /// <summary>Up to here the whole groups prove that the file was durable.</summary>
    public long DurableOffset { get; private set; } = SegmentHeader.Bytes;

    /// <summary>Each whole group's first position and offset.</summary>
    public IReadOnlyList<(ulong First, long Offset)> Groups => groups;

    public IReadOnlyList<Fence> Fences => fences;

    /// <summary>What stands at <see cref="EndOffset"/> or in it that is no whole group; null where there is nothing but zeros or a mark.</summary>
    public (long Offset, string What)? Fault { get; private set; }

    /// <summary>A fault, and behind it the proof that it was durable.</summary>
    public bool FaultIsDamage { get; private set; }

    /// <summary>The fault is a record of a format that only a newer program knows: neither torn nor damaged.</summary>
    public bool FaultIsNewer { get; private set; }

    /// <summary>Bytes from <see cref="EndOffset"/> to the last one that is not zero.</summary>
    public long TailBytes { get; private set; }

    /// <summary>Scans a whole segment file whose header was read already. Nothing past position <paramref name="through"/> is looked at.</summary>
    public static SegmentScan Of(ReadOnlySpan<byte> file, in SegmentHeader segment, ulong through = ulong.MaxValue)
    {
        var scan = new SegmentScan(segment.Before);
        while (scan.End.Position.Number < through && scan.TryGroup(file, segment, through))
        {
        }

        if (scan.End.Position.Number < through)
        {
            scan.Judge(file, segment);
        }

        return scan;
    }

    private bool TryGroup(ReadOnlySpan<byte> file, in SegmentHeader segment, ulong through)
    {
        if (HeaderAt(file, segment, EndOffset) is not { Count: > 0 } group)
        {
            return false;
        }

        if (group.First != End.Position.Number + 1)
        {
            Fault = (EndOffset, $"a group of records from {group.First} on stands where record {End.Position.Number + 1} belongs");
            FaultIsDamage = true;
            return false;
        }

        if (group.BodyBytes < 0 || group.End > file.Length)
        {
            Fault = (EndOffset, $"the group at record {group.First} reaches past the end of the file");
            return false;
        }

        var end = End;
        var found = fences.Count;
        var at = group.Offset + GroupHeader.Bytes;
        var bodyEnd = at + group.BodyBytes;
        for (var i = 0u; i < group.Count && end.Position.Number < through; i++)
        {
            if (!TryRecord(file[(int)at..(int)bodyEnd], ref end, out var space, out var wrong))
            {
                Fault = (at, wrong);
                FaultIsNewer = RecordHeader.IsNewer(file[(int)at..(int)bodyEnd]);
                fences.RemoveRange(found, fences.Count - found);
                return false;
            }

            at += space;
        }

        groups.Add((group.First, group.Offset));
        DurableOffset = group.Durable;
        End = end;
        EndOffset = end.Position.Number == group.First + group.Count - 1 ? group.End : at;
        return true;
    }

    private bool TryRecord(ReadOnlySpan<byte> body, ref HistoryEnd end, out int space, out string wrong)
    {
        space = 0;
        if (!RecordHeader.TryRead(body, out var header, out wrong))
        {
            return false;
        }

        if (header.Length < 0 || RecordHeader.SpaceOf(header.Length) > body.Length)
        {
            wrong = $"record {header.Position.Number} reaches past the end of its group";
            return false;
        }

        space = (int)RecordHeader.SpaceOf(header.Length);
        var payload = body.Slice(RecordHeader.Bytes, header.Length);
        if (Crc32C.Of(payload) != header.PayloadCrc)
        {
            wrong = $"the payload of record {header.Position.Number} fails its checksum";
            return false;
        }

        if (!end.TryExtend(header, payload, out end, out wrong))
        {
            return false;
        }

        if (header.Kind == RecordKind.Fence)
        {
            fences.Add(Fence.FromPayload(header.Position, payload)!.Value);
        }

        return true;
    }

    private void Judge(ReadOnlySpan<byte> file, in SegmentHeader segment)
    {
        var rest = file[(int)Math.Min(EndOffset, file.Length)..];
        var isMark = HeaderAt(file, segment, EndOffset) is { Count: 0 };
        var used = rest.LastIndexOfAnyExcept((byte)0) + 1;
        if (used <= (isMark ? GroupHeader.Bytes : 0))
        {
            return;
        }

        TailBytes = used;
        Fault ??= (EndOffset, $"no whole group of records stands where record {End.Position.Number + 1} belongs");
        for (var at = EndOffset + GroupHeader.Alignment; at < EndOffset + used && !FaultIsDamage; at += GroupHeader.Alignment)
        {
            FaultIsDamage = HeaderAt(file, segment, at) is { } behind && behind.Durable > EndOffset;
        }
    }

    /// <summary>The header at an offset, if it says that it belongs just there.</summary>
    private static GroupHeader? HeaderAt(ReadOnlySpan<byte> file, in SegmentHeader segment, long offset) =>
        offset + GroupHeader.Bytes <= file.Length
        && GroupHeader.Read(file.Slice((int)offset, GroupHeader.Bytes)) is { } header
        && header.LogId == segment.LogId && header.Segment == segment.First && header.Offset == offset && header.Format == segment.Format
            ? header
            : null;
}
