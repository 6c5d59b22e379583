namespace Elanus.Simulation;

/// <summary>
/// One collection as the data records say, at every position at once: rows are never removed, they only end. Deliberately simple: lists and a
/// dictionary, no segments, no marks.
/// </summary>
public sealed class ModelCollection(CollectionId id, ulong created)
{
    private readonly List<ModelRow> rows = [];
    private readonly Dictionary<long, List<ModelRow>> byKey = [];
    private readonly Dictionary<PartitionId, (ulong From, ulong To)> partitions = [];
    private readonly List<ulong> changes = [created];

    public CollectionId Id => id;

    public ulong Created => created;

    public ulong Dropped { get; private set; } = ulong.MaxValue;

    public bool Exists(ulong position) => created <= position && position < Dropped;

    public IEnumerable<PartitionId> Partitions(ulong position) =>
        partitions.Where(p => p.Value.From <= position && position < p.Value.To).Select(p => p.Key);

    public void AddPartition(PartitionId partition, ulong at)
    {
        if (!partitions.TryGetValue(partition, out var known) || known.To != ulong.MaxValue)
        {
            partitions[partition] = (at, ulong.MaxValue);
        }

        Changed(at);
    }

    public void DropPartition(PartitionId partition, ulong at)
    {
        if (partitions.TryGetValue(partition, out var known) && known.To == ulong.MaxValue)
        {
            partitions[partition] = (known.From, at);
            EndRows(row => row.Partition == partition, at);
        }
    }

    public void Truncate(ulong at) => EndRows(_ => true, at);

    public void Drop(ulong at)
    {
        EndRows(_ => true, at);
        Dropped = at;
    }

    public void Delete(IEnumerable<long> keys, IReadOnlyCollection<PartitionId> only, ulong at)
    {
        foreach (var key in keys)
        {
            foreach (var row in byKey.GetValueOrDefault(key) ?? [])
            {
                if (row.Lives(at) && (only.Count == 0 || only.Contains(row.Partition)))
                {
                    row.Died = at;
                }
            }
        }

        Changed(at);
    }

    public void Insert(long key, long tag, PartitionId partition, ulong at)
    {
        if (!Partitions(at).Contains(partition))
        {
            return;
        }

        if (!byKey.TryGetValue(key, out var same))
        {
            byKey[key] = same = [];
        }

        foreach (var older in same)
        {
            if (older.Partition == partition && older.Shows(at))
            {
                older.Shadowed = at;
            }
        }

        var row = new ModelRow(key, tag, partition, at);
        same.Add(row);
        rows.Add(row);
        Changed(at);
    }

    /// <summary>Rows inserted and not deleted.</summary>
    public int Count(ulong position, IReadOnlyCollection<PartitionId> only) =>
        rows.Count(row => row.Lives(position) && (only.Count == 0 || only.Contains(row.Partition)));

    /// <summary>What a read shows: of each key the newest row, in ascending order of keys.</summary>
    public List<ModelRow> Visible(ulong position, IReadOnlyCollection<PartitionId> only)
    {
        var visible = new List<ModelRow>(byKey.Count);
        foreach (var key in byKey.Keys)
        {
            if (Visible(key, position, only) is { } row)
            {
                visible.Add(row);
            }
        }

        visible.Sort(static (left, right) => left.Key.CompareTo(right.Key));
        return visible;
    }

    /// <summary>The same for one key.</summary>
    public ModelRow? Visible(long key, ulong position, IReadOnlyCollection<PartitionId> only)
    {
        ModelRow? newest = null;
        foreach (var row in byKey.GetValueOrDefault(key) ?? [])
        {
            if (row.Shows(position) && (only.Count == 0 || only.Contains(row.Partition)) && (newest is null || IsNewer(row, newest)))
            {
                newest = row;
            }
        }

        return newest;
    }

    /// <summary>Positions within a range at which something may look different, the newest first; the range's start is one.</summary>
    public IEnumerable<ulong> Moments(ulong least, ulong most)
    {
        for (var i = changes.Count - 1; i >= 0 && changes[i] > least; i--)
        {
            if (changes[i] <= most)
            {
                yield return changes[i];
            }
        }

        yield return least;
    }

    private static bool IsNewer(ModelRow row, ModelRow than) =>
        row.Born != than.Born ? row.Born > than.Born : row.Partition.Value >= than.Partition.Value;

    private void EndRows(Func<ModelRow, bool> which, ulong at)
    {
        foreach (var row in rows)
        {
            if (row.Lives(at) && which(row))
            {
                row.Died = at;
            }
        }

        Changed(at);
    }

    private void Changed(ulong at)
    {
        if (changes[^1] != at)
        {
            changes.Add(at);
        }
    }
}
