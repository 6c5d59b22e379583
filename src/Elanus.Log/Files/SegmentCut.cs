using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>The content of the segment that takes over where a history is cut. Pure.</summary>
internal readonly record struct SegmentCut(ulong First, IReadOnlyList<ReadOnlyMemory<byte>> Pieces)
{
    /// <summary>
    /// The new segment for a cut of this one behind <paramref name="end"/>; null where the file ends just there already. Records of a group
    /// that was cut stand in the new segment, as a group of their own; the old file keeps its bytes, which nobody reads past the new one's first.
    /// </summary>
    public static SegmentCut? Of(ReadOnlyMemory<byte> file, string path, ulong first, ulong end, ulong logId)
    {
        if (SegmentHeader.Read(file.Span) is not { } header || header.LogId != logId || header.First != first)
        {
            throw new LogDamagedException(new(path, 0, "the segment's header fails its checksum, or is another segment's"));
        }

        var kept = SegmentScan.Of(file.Span, header, end);
        if (kept.End.Position.Number != end)
        {
            var (offset, what) = kept.Fault ?? (kept.EndOffset, $"record {kept.End.Position.Number + 1} is missing");
            throw new LogDamagedException(new(path, offset, what));
        }

        var whole = SegmentScan.Of(file.Span, header);
        if (whole.End.Position.Number == end && whole.Fault is null)
        {
            return null;
        }

        var isBoundary = kept.Groups.Count == 0 || whole.Groups.Any(group => group.First == end + 1) || whole.End.Position.Number == end;
        if (isBoundary)
        {
            return new(end + 1, [new SegmentHeader(logId, kept.End).ToBytes()]);
        }

        var (group, at) = kept.Groups[^1];
        var before = SegmentScan.Of(file.Span, header, group - 1).End;
        var body = file[(int)(at + GroupHeader.Bytes)..(int)kept.EndOffset];
        var groupHeader = new byte[GroupHeader.Bytes];
        new GroupHeader(logId, group, SegmentHeader.Bytes, group, (uint)(end - group + 1), body.Length).Write(groupHeader);
        return new(group, [new SegmentHeader(logId, before).ToBytes(), groupHeader, body]);
    }
}
