using Elanus.Log;

namespace Elanus.Server;

/// <summary>The write-ahead log's bounds: bytes of a file, and what may wait for its commit in one channel.</summary>
public sealed record LogSettings(int FileBytes, int QueueRecordsMax, int QueueBytesMax)
{
    /// <summary>The newest record format that is read and written; the program's own, but where an upgrade is tried.</summary>
    public ushort NewestFormat { get; init; } = RecordHeader.CurrentFormat;
}
