using System.Collections;

namespace Elanus.Replication;

/// <summary>A batch of records that keeps its encoded form, so that a network sends it as it lies.</summary>
internal sealed class RecordItems(RecordBatch batch, IReadOnlyList<LogRecord> parsed) : IReadOnlyList<LogRecord>
{
    public RecordBatch Batch => batch;

    public int Count => parsed.Count;

    public LogRecord this[int index] => parsed[index];

    public static RecordItems Of(RecordBatch batch)
    {
        var parsed = RecordBatch.Parse(batch.Bytes);
        Invariant.Holds(parsed.Succeeded, $"the own log hands out what it cannot read: {parsed.Failure}");
        return new(batch, parsed.Value);
    }

    public IEnumerator<LogRecord> GetEnumerator() => parsed.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => parsed.GetEnumerator();
}
