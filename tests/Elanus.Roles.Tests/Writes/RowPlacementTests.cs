using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Roles.Tests;

public sealed class RowPlacementTests
{
    [Fact]
    public void Rows_go_to_the_partition_and_shard_of_their_keys_and_none_is_lost()
    {
        var keys = new ColumnBuilder(DataType.Int64);
        var tenants = new ColumnBuilder(DataType.VarChar);
        for (var i = 0L; i < 1_000; i++)
        {
            keys.Append(i);
            tenants.AppendText($"tenant{i % 50}");
        }

        var collection = Keyed(partitions: 4, shards: 2);
        var rows = new RowBatch(1_000, [new(new(100), keys.Build()), new(new(101), tenants.Build())]);
        var groups = RowPlacement.Groups(collection, rows, collection.Partitions[0]);
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => (long)i), groups.SelectMany(g => g.Rows.Find(new(100))!.As<long>().ToArray()).Order());
        Assert.Equal(8, groups.Count);
        foreach (var group in groups)
        {
            var column = group.Rows.Find(new(101))!;
            Assert.All(Enumerable.Range(0, column.Rows), row =>
                Assert.Equal(group.Partition, collection.Partitions[RowPlacement.PartitionOf(column.Bytes(row), 4)].Id));
        }
    }

    [Fact]
    public void Placement_never_changes() =>
        Assert.Equal(new[] { 6, 12, 9 }, new[] { "a", "kite", "" }.Select(k => RowPlacement.PartitionOf(System.Text.Encoding.UTF8.GetBytes(k), 16)));

    private static CollectionInfo Keyed(int partitions, int shards) => new()
    {
        Id = new(1),
        Database = new(1),
        Shards = shards,
        Consistency = ConsistencyLevel.Bounded,
        Created = default,
        Updated = default,
        Partitions = [.. Enumerable.Range(0, partitions).Select(i => new PartitionInfo(new(10 + i), $"_default_{i}", default))],
        Schema = new()
        {
            Name = "c",
            Fields = ImmutableArray.Create(
                new FieldSchema { Id = new(100), Name = "id", Type = DataType.Int64, IsPrimaryKey = true },
                new FieldSchema { Id = new(101), Name = "tenant", Type = DataType.VarChar, MaxLength = 20, IsPartitionKey = true }),
        },
    };
}
