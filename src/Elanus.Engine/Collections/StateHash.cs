using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// A number for a logical state: collections, schemas, partitions, every live row with its key, timestamp and values, and what else the log makes. All
/// are summed, so that neither their order nor the segments they lie in counts. It tells states apart by accident, not by malice.
/// </summary>
public sealed class StateHash
{
    public ulong Value { get; private set; }

    /// <summary>Adds a state that has a form of its own.</summary>
    /// <param name="name">No other's.</param>
    /// <param name="content">The same bytes for the same state.</param>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> content) => Value += Join(new Key(name).Hash, new Key(content).Hash);

    internal void AddCollection(CollectionId id, int shards, CollectionSchema schema, IEnumerable<PartitionId> partitions)
    {
        var hash = new Key(SchemaCodec.Write(schema)).Hash;
        hash = Join(Join(hash, (ulong)id.Value), (ulong)shards);
        foreach (var partition in partitions.Order(Comparer<PartitionId>.Create((a, b) => a.Value.CompareTo(b.Value))))
        {
            hash = Join(hash, (ulong)partition.Value);
        }

        Value += hash;
    }

    internal void AddRows(CollectionId id, CollectionSchema schema, SegmentState segment)
    {
        for (var c = 0; c < segment.Store.ChunkCount(segment.Rows); c++)
        {
            var chunk = segment.Store.Chunk(c, segment.Rows);
            var columns = schema.Fields.Select(chunk.Column).ToArray();
            var timestamps = chunk.Timestamps;
            for (var row = 0; row < chunk.Rows; row++)
            {
                if (segment.Dead[chunk.Start + row])
                {
                    continue;
                }

                var hash = Join(Join((ulong)id.Value, (ulong)segment.Partition.Value), timestamps[row]);
                foreach (var column in columns)
                {
                    hash = column.IsValid(row) ? Join(hash, new Key(column.Bytes(row)).Hash) : Join(hash, 1);
                }

                Value += hash;
            }
        }
    }

    private static ulong Join(ulong hash, ulong next)
    {
        var pair = (hash, next);
        return new Key(MemoryMarshal.AsBytes(new ReadOnlySpan<(ulong, ulong)>(in pair))).Hash;
    }
}
