namespace Elanus.Server;

/// <summary>The write-ahead log's bounds: bytes of a file, and what may wait for its commit in one channel.</summary>
public sealed record LogSettings(int FileBytes, int QueueRecordsMax, int QueueBytesMax);
