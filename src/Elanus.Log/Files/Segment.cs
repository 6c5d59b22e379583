namespace Elanus.Log;

/// <summary>
/// A segment file and where in it groups begin: a sparse index, one entry a stretch of <see cref="IndexStrideBytes"/>, from which a reader
/// walks on. Its owner locks around it.
/// </summary>
internal sealed class Segment(string path, SegmentHeader header)
{
    private const int IndexStrideBytes = 64 * 1024;

    private readonly List<(ulong First, long Offset)> index = [];

    public string Path => path;

    public SegmentHeader Header => header;

    public ulong First => header.First;

    /// <summary>Bytes that hold whole groups, the header included.</summary>
    public long UsedBytes { get; private set; } = SegmentHeader.Bytes;

    public static string NameOf(ulong first) => $"{first:D20}.log";

    public static bool TryParseName(string name, out ulong first)
    {
        first = 0;
        return name.Length == 24 && name.EndsWith(".log", StringComparison.Ordinal) && ulong.TryParse(name.AsSpan(0, 20), out first);
    }

    public void Added(ulong first, long offset, long end)
    {
        if (index.Count == 0 || offset - index[^1].Offset >= IndexStrideBytes)
        {
            index.Add((first, offset));
        }

        UsedBytes = end;
    }

    public void CutTo(ulong position, long end)
    {
        index.RemoveAll(entry => entry.First > position);
        UsedBytes = end;
    }

    /// <summary>The offset of a group at or before the one that holds a position.</summary>
    public long OffsetBefore(ulong position)
    {
        var found = index.FindLastIndex(entry => entry.First <= position);
        return found < 0 ? SegmentHeader.Bytes : index[found].Offset;
    }
}
