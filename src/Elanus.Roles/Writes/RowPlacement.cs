using System.Numerics;
using System.Runtime.InteropServices;
using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>Which partition and shard each row goes to: by the partition key's hash, and by the primary key's. Stable for ever.</summary>
public static class RowPlacement
{
    /// <summary>The rows cut into groups of one partition and shard each, in the rows' order.</summary>
    /// <param name="named">The partition the client named; ignored with a partition key.</param>
    public static IReadOnlyList<RowGroup> Groups(CollectionInfo collection, RowBatch rows, PartitionInfo named)
    {
        if (collection.Schema.PartitionKey is null && collection.Shards == 1)
        {
            return [new(0, named.Id, rows)];
        }

        var partitionKeys = collection.Schema.PartitionKey is { } field ? rows.Find(field.Id) : null;
        var primaryKeys = rows.Find(collection.Schema.PrimaryKey.Id)!;
        var groups = new SortedDictionary<(int Partition, int Shard), List<int>>();
        for (var row = 0; row < rows.Rows; row++)
        {
            var partition = partitionKeys is null ? 0 : PartitionOf(partitionKeys.Bytes(row), collection.Partitions.Length);
            var shard = ShardOf(primaryKeys.Bytes(row), collection.Shards);
            if (!groups.TryGetValue((partition, shard), out var members))
            {
                groups[(partition, shard)] = members = [];
            }

            members.Add(row);
        }

        return [.. groups.Select(g => new RowGroup(
            g.Key.Shard,
            partitionKeys is null ? named.Id : collection.Partitions[g.Key.Partition].Id,
            groups.Count == 1 ? rows : rows.Take(CollectionsMarshal.AsSpan(g.Value))))];
    }

    /// <summary>The index of the partition that rows with this partition key are in.</summary>
    public static int PartitionOf(ReadOnlySpan<byte> key, int partitions) => (int)(Hash(key) % (uint)partitions);

    public static int ShardOf(ReadOnlySpan<byte> key, int shards) => shards == 1 ? 0 : (int)(Hash(key) % (uint)shards);

    /// <summary>CRC-32C of the key's bytes, mixed so that its low bits are even (the finaliser of MurmurHash3).</summary>
    private static uint Hash(ReadOnlySpan<byte> key)
    {
        var hash = uint.MaxValue;
        foreach (var b in key)
        {
            hash = BitOperations.Crc32C(hash, b);
        }

        hash ^= hash >> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >> 13;
        hash *= 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }
}
