namespace Elanus.Engine;

/// <summary>Bounds and thresholds of one node's data. The logical state depends on none but <see cref="SegmentBytesMax"/>, which all nodes share, and <see cref="Unreadable"/>, which no node sets.</summary>
public sealed record EngineOptions
{
    /// <summary>A growing segment ends by itself before one of its columns would pass this many bytes.</summary>
    public long SegmentBytesMax { get; init; } = 1L << 30;

    /// <summary>
    /// Compare a column file with its checksums before its rows are read, where it was there before. Otherwise that is done behind the reads, at low priority, so that opening costs
    /// the same whatever a file holds.
    /// </summary>
    public bool VerifyFilesFirst { get; init; }

    /// <summary>
    /// Bytes of the disk that files of sealed rows and of indexes leave free. Without them the log that is written beside could not go on, and rows and indexes can stay in memory
    /// until there is more room.
    /// </summary>
    public long RoomLeftMin { get; init; }

    /// <summary>
    /// For looking at what is damaged: is told of each segment of a restored checkpoint whose column file is gone, damaged or another, and the state then lacks that segment. Null: such a
    /// checkpoint is refused.
    /// </summary>
    public Action<string>? Unreadable { get; init; }

    /// <summary>Sealed segments below this many rows are scanned exactly; above, their graph or list index is built.</summary>
    public int IndexedRowsMin { get; init; } = 10_000;

    /// <summary>A read over fewer rows times queries runs on the caller's thread; above, segments run side by side.</summary>
    public long ParallelRowsMin { get; init; } = 20_000;
}
