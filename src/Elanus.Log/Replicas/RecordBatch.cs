using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// Records without a gap as they stand in files and on the wire between nodes: header, payload, zeros to the next multiple of
/// <see cref="RecordHeader.Alignment"/>. Payloads' checksums are verified by whoever takes the records into a log.
/// </summary>
public readonly record struct RecordBatch(LogPosition First, LogPosition Last, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Lays records out; they must have no gap.</summary>
    public static RecordBatch Of(IReadOnlyList<LogRecord> records)
    {
        Invariant.Holds(records.Count > 0, "a batch of records holds at least one");
        Invariant.Holds(
            records[^1].Position.Number - records[0].Position.Number == (ulong)records.Count - 1,
            $"a batch from {records[0].Position} to {records[^1].Position} has {records.Count} records");
        var bytes = new byte[records.Sum(record => RecordHeader.SpaceOf(record.Payload.Length))];
        var at = 0;
        foreach (var record in records)
        {
            record.Header.Write(bytes.AsSpan(at));
            record.Payload.Span.CopyTo(bytes.AsSpan(at + RecordHeader.Bytes));
            at += (int)RecordHeader.SpaceOf(record.Payload.Length);
        }

        return new(records[0].Position, records[^1].Position, bytes);
    }

    /// <summary>The records of encoded bytes from elsewhere; payloads lie in those bytes. A failure says what is wrong with them.</summary>
    public static Result<IReadOnlyList<LogRecord>> Parse(ReadOnlyMemory<byte> bytes)
    {
        var records = new List<LogRecord>();
        for (var at = 0; at < bytes.Length;)
        {
            var rest = bytes[at..];
            if (!RecordHeader.TryRead(rest.Span, out var header, out var wrong))
            {
                return Failure.Invalid($"a batch of records from elsewhere is unreadable at byte {at}: {wrong}");
            }

            if (header.Length < 0 || RecordHeader.SpaceOf(header.Length) > rest.Length)
            {
                return Failure.Invalid($"a batch of records from elsewhere breaks off within record {header.Position}");
            }

            records.Add(new(header, rest.Slice(RecordHeader.Bytes, header.Length)));
            at += (int)RecordHeader.SpaceOf(header.Length);
        }

        return records;
    }
}
