using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>A record as it stands in the log. How long the payload may be looked at is said by whoever hands it out.</summary>
public readonly record struct LogRecord(RecordHeader Header, ReadOnlyMemory<byte> Payload)
{
    public LogPosition Position => Header.Position;

    public Timestamp Timestamp => Header.Timestamp;

    public RecordKind Kind => Header.Kind;

    public Epoch Epoch => Header.Epoch;
}
