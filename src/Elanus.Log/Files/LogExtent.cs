using System.Collections.Immutable;

namespace Elanus.Log;

/// <summary>
/// The files that hold a log from a position on, as far as they are whole and durable: those bytes never change while the segments stand, so copying
/// them, with this head, gives a log that ends there.
/// </summary>
/// <param name="Head">The bytes of a head for the copy, whose front is its first segment.</param>
/// <param name="Segments">Names of the segment files, oldest first, and how many bytes of each.</param>
/// <param name="End">The last position in them.</param>
public sealed record LogExtent(ReadOnlyMemory<byte> Head, ImmutableArray<(string Name, long Bytes)> Segments, ulong End)
{
    /// <summary>The head's name in the log's directory.</summary>
    public const string HeadName = LogHead.FileName;

    internal static LogExtent Of(LogHead head, IReadOnlyList<Segment> segments, ulong from, ulong end)
    {
        var first = Math.Max(0, segments.ToList().FindLastIndex(segment => segment.First <= from));
        return new(
            (head with { Front = segments[first].First, Cut = null }).ToBytes(),
            [.. segments.Skip(first).Select(segment => (Path.GetFileName(segment.Path), segment.UsedBytes))],
            end);
    }
}
