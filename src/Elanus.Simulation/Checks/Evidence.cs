using Elanus.Log;

namespace Elanus.Simulation;

/// <summary>What is known of a run when an operation is judged: the log as it was read back, and what it means.</summary>
public sealed class Evidence
{
    private readonly List<LoggedRecord> records = [];
    private readonly Dictionary<int, List<LoggedRecord>> writes = [];
    private readonly Func<int, Operation?> operations;

    public Evidence(Func<int, Operation?> operations) => this.operations = operations;

    public Model Model { get; } = new();

    /// <summary>The last position that is known.</summary>
    public ulong Position => (ulong)records.Count;

    public LoggedRecord At(ulong position) => records[(int)position - 1];

    /// <summary>The last position that is stamped at or before a moment; 0 where none is.</summary>
    public ulong UpTo(Timestamp moment)
    {
        var (low, high) = (0, records.Count);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            (low, high) = records[middle].Timestamp > moment ? (low, middle) : (middle + 1, high);
        }

        return (ulong)low;
    }

    /// <summary>The records that an operation wrote.</summary>
    public IReadOnlyList<LoggedRecord> WritesOf(int operation) => writes.TryGetValue(operation, out var found) ? found : [];

    /// <summary>Takes a record that some node holds to be committed; answers what is wrong with it, or null. What was committed once is the same everywhere.</summary>
    public string? Take(in LogRecord record) => record.Position.Number > Position ? Add(new LoggedRecord(record))
        : At(record.Position.Number).IsSame(record) ? null : $"record {record.Position} was committed and is another one now";

    /// <summary>Takes the next record; answers what is wrong with it, or null.</summary>
    public string? Add(LoggedRecord record)
    {
        if (record.Position != Position + 1)
        {
            return $"record {record.Position} was read where record {Position + 1} belongs";
        }

        if (records.Count > 0 && record.Timestamp < records[^1].Timestamp)
        {
            return $"record {record.Position} is stamped {record.Timestamp}, the one before it {records[^1].Timestamp}";
        }

        records.Add(record);
        Model.Apply(record);
        return record.Data is Engine.Write write ? Belongs(record, write) : null;
    }

    /// <summary>Every write in the log must be what one client asked, and stand there once.</summary>
    private string? Belongs(LoggedRecord record, Engine.Write write)
    {
        var author = WriteOperation.AuthorOf(write);
        if (author is not { } number || operations(number) is not WriteOperation operation)
        {
            return $"record {record.Position} holds a write that no client asked for";
        }

        if (!writes.TryGetValue(number, out var same))
        {
            writes[number] = same = [];
        }

        same.Add(record);
        return same.Count > 1
            ? $"{operation.What} (op {number}) stands in the log twice, at {same[0].Position} and {record.Position}"
            : operation.Differs(write) is { } how ? $"record {record.Position} is not what op {number} {operation.What} asked: {how}" : null;
    }
}
