using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Engine.Tests;

/// <summary>What a collection should answer, worked out naively from a list of all rows ever written.</summary>
internal sealed class RowModel
{
    private readonly List<Row> rows = [];
    private int record;

    public void Apply(DataRecord applied)
    {
        record++;
        switch (applied)
        {
            case Write write:
                if (write.Deletes is { } deletes)
                {
                    var keys = Node.Keys(deletes.Keys).ToHashSet();
                    rows.RemoveAll(r => keys.Contains(r.Key) && (deletes.Partitions.IsEmpty || deletes.Partitions.Contains(r.Partition)));
                }

                foreach (var group in write.Inserts)
                {
                    var keys = Node.Keys(group.Rows.Find(Sample.Key)!);
                    var numbers = group.Rows.Find(Sample.Number)!.As<int>();
                    for (var i = 0; i < keys.Length; i++)
                    {
                        rows.Add(new(keys[i], numbers[i], group.Partition, record));
                    }
                }

                break;
            case PartitionDropped dropped:
                rows.RemoveAll(r => r.Partition == dropped.Partition);
                break;
            case Truncated:
                rows.Clear();
                break;
        }
    }

    public long Count(Func<int, bool> filter, params PartitionId[] only) => rows.Count(r => In(r, only) && filter(r.Number));

    public List<(long Key, int Number)> Rows(Func<int, bool> filter, long? limit, long offset, params PartitionId[] only) =>
        [.. Visible(only).Where(r => filter(r.Number)).OrderBy(r => r.Key).Skip((int)offset).Take((int)(limit ?? int.MaxValue)).Select(r => (r.Key, r.Number))];

    public List<(long Key, float Score)> Search(float[] vector, int k, MetricType metric, Func<int, bool> filter, params PartitionId[] only)
    {
        var scored = Visible(only).Where(r => filter(r.Number)).Select(r => (r.Key, Score: Score(vector, Sample.VectorOf(r.Number), metric)));
        var sign = metric.LargerIsBetter() ? -1 : 1;
        return [.. scored.OrderBy(h => h.Score * sign).ThenBy(h => h.Key).Take(k)];
    }

    /// <summary>Of each key the newest row: of one record the higher partition's, within it the last.</summary>
    private IEnumerable<Row> Visible(PartitionId[] only) =>
        rows.Where(r => In(r, only)).GroupBy(r => r.Key).Select(g => g.OrderBy(r => r.Record).ThenBy(r => r.Partition.Value).Last());

    private static bool In(Row row, PartitionId[] only) => only.Length == 0 || only.Contains(row.Partition);

    private static float Score(float[] a, float[] b, MetricType metric) =>
        a.Zip(b, (x, y) => metric == MetricType.L2 ? (x - y) * (x - y) : x * y).Sum();

    private sealed record Row(long Key, int Number, PartitionId Partition, int Record);
}
