namespace Elanus.Log;

/// <summary>The bounds of a log in local files. Each has a default that suits a server.</summary>
public sealed record FileLogOptions
{
    /// <summary>Size to which segment files are preallocated; one that must hold a larger group is as large as that.</summary>
    public long SegmentBytes { get; init; } = 64L << 20;

    /// <summary>How fast the next segment is filled with zeros beside the log, bytes a second (<see cref="SpareSegment"/>); 0: it is only preallocated, when it is needed.</summary>
    public long SpareBytesASecond { get; init; } = 16L << 20;

    /// <summary>How long after a segment began the next one is prepared: a start has better things to do, and what a writer in haste fills at once is left to the disk.</summary>
    public int SpareAfterMs { get; init; } = 2000;

    /// <summary>A group takes no further record once it has this many bytes.</summary>
    public long GroupBytesMax { get; init; } = 8L << 20;

    /// <summary>Up to so many bytes that wait go in one group; of more, about half do: as much as keeps a disk busy for many times what an fsync costs beside its bytes.</summary>
    public long GroupBytesWhole { get; init; } = 2L << 20;

    /// <summary>
    /// Groups that are on their way to the disk at once: while one is synced, the next is laid into the page cache and its sync begins. Recovery takes as many for torn
    /// where nothing behind them says that they were durable.
    /// </summary>
    public int GroupsAtOnceMax { get; init; } = 2;

    /// <summary>A group of fewer bytes goes alone, and whoever waits beside one that is on its way waits until so many bytes do: small records share an fsync instead.</summary>
    public long GroupBytesBeside { get; init; } = 512L << 10;

    /// <summary>The largest payload of one record.</summary>
    public int RecordBytesMax { get; init; } = 512 << 20;

    /// <summary>Bytes that may wait to be written, and with a set as many that may wait for its consent; beyond it appends wait. One record is always let in.</summary>
    public long QueueBytesMax { get; init; } = 64L << 20;

    /// <summary>Records that may wait to be written; beyond it appends wait.</summary>
    public int QueueRecordsMax { get; init; } = 16 * 1024;

    /// <summary>Appends that may wait for room in the queue; beyond it they are refused at once.</summary>
    public int WaitingAppendsMax { get; init; } = 64 * 1024;

    /// <summary>How far ahead of the clock timestamps are reserved; half of it is left when the next reservation is written.</summary>
    public int ReservationMs { get; init; } = 3000;

    /// <summary>The furthest timestamp ahead of the clock that is promised.</summary>
    public int PromiseAheadMaxMs { get; init; } = 10_000;

    /// <summary>After so long without an append the last group is marked as durable (the folder's README says what for).</summary>
    public int MarkAfterIdleMs { get; init; } = 100;

    /// <summary>Bytes of the newest records that a watched log keeps in memory for those it is sent to.</summary>
    public long TailBytesMax { get; init; } = 32L << 20;

    /// <summary>While the disk is full, how often is looked whether it still is.</summary>
    public int LookForRoomMs { get; init; } = 1000;

    /// <summary>The newest record format that is read and written; less than what the program knows only to try an upgrade.</summary>
    public ushort NewestFormat { get; init; } = RecordHeader.CurrentFormat;

    /// <summary>
    /// True where this log is the only member of its set: what is durable here is committed. False where others must hold it too:
    /// then <see cref="FileLog.AdvanceCommitted"/> says what is.
    /// </summary>
    public bool CommitsAlone { get; init; } = true;
}
