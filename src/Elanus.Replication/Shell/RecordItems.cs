using System.Collections;

namespace Elanus.Replication;

/// <summary>A batch of records that keeps its encoded form, so that a network sends it as it lies; read only where somebody asks for the records.</summary>
internal sealed class RecordItems(RecordBatch batch) : IReadOnlyList<LogRecord>
{
    private IReadOnlyList<LogRecord>? parsed;

    public RecordBatch Batch => batch;

    public int Count => (int)(batch.Last.Number - batch.First.Number + 1);

    public LogRecord this[int index] => Parsed()[index];

    public IEnumerator<LogRecord> GetEnumerator() => Parsed().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => Parsed().GetEnumerator();

    private IReadOnlyList<LogRecord> Parsed()
    {
        if (parsed is null)
        {
            var read = RecordBatch.Parse(batch.Bytes);
            Invariant.Holds(read.Succeeded, $"the own log hands out what it cannot read: {read.Failure}");
            parsed = read.Value;
        }

        return parsed;
    }
}
