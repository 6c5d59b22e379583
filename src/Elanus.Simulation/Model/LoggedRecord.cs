using Elanus.Engine;
using Elanus.Log;

namespace Elanus.Simulation;

/// <summary>A committed record, kept for as long as the run: whatever a node shows later is measured against it.</summary>
public sealed class LoggedRecord
{
    private readonly RecordHeader header;

    public LoggedRecord(in LogRecord record)
    {
        header = record.Header;
        Payload = record.Payload.ToArray();
        Data = DataRecordKinds.Contains(Kind) ? DataRecordCodec.Decode(Kind, Payload) : null;
    }

    public ulong Position => header.Position.Number;

    public LogRecord Record => new(header, Payload);

    public Epoch Epoch => header.Epoch;

    public Timestamp Timestamp => header.Timestamp;

    public ushort Kind => header.Kind.Value;

    public byte[] Payload { get; }

    /// <summary>What it says of the data; null for other records.</summary>
    public DataRecord? Data { get; }

    public bool IsSame(LoggedRecord other) => other.header == header;

    /// <summary>Whether another reading of the same position gave the same record.</summary>
    public bool IsSame(in LogRecord other) => other.Header == header;
}
