using Elanus.Primitives;
using FsCheck;
using FsCheck.Fluent;

namespace Elanus.Roles.Tests;

/// <summary>Metadata that went through a checkpoint is the same metadata, and goes on alike.</summary>
public sealed class MetadataImageTests
{
    [Fact]
    public void Random_changes_before_and_after_a_checkpoint_give_the_same() => Prop.ForAll(
        ArbMap.Default.ArbFor<int[]>(),
        seeds =>
        {
            var original = MetadataSnapshot.Empty;
            var restored = original;
            foreach (var random in seeds.Select(seed => new Random(seed)))
            {
                var step = Step(random);
                original = step(original);
                restored = step(restored);
                if (random.Next(3) == 0)
                {
                    restored = MetadataImage.Read(MetadataImage.Of(restored).Write()).Build();
                }

                Assert.Equal(Convert.ToHexString(MetadataImage.Of(original).Write()), Convert.ToHexString(MetadataImage.Of(restored).Write()));
                Assert.Equal(original.Root.Names.OrderBy(n => n.Value.Value), restored.Root.Names.OrderBy(n => n.Value.Value));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(40));

    [Theory]
    [InlineData("null")]
    [InlineData("{")]
    public void Other_bytes_are_refused(string json) =>
        Assert.Throws<InvalidDataException>(() => MetadataImage.Read(System.Text.Encoding.UTF8.GetBytes(json)));

    private static Func<MetadataSnapshot, MetadataSnapshot> Step(Random random)
    {
        var collection = new CollectionId(random.Next(4));
        var number = random.Next(5);
        return random.Next(10) switch
        {
            0 => Root(new RootCommand.PutDatabase(new() { Id = new(number), Name = $"d{number}", Created = new(7) })),
            1 => Root(new RootCommand.RemoveDatabase(new(number))),
            2 => Root(new RootCommand.PutAlias(new(new(1), $"a{number}", collection))),
            3 => Root(new RootCommand.RemoveAlias(new(1), $"a{number}")),
            4 => Root(new RootCommand.PutUser(new($"u{number}", [1, (byte)number], 3, [4]))),
            5 => Root(new RootCommand.RemoveUser($"u{number}")),
            6 => Root(new RootCommand.RemoveCollection(collection)),
            7 => m => m with { Indexes = m.Indexes.Apply(new IndexCommand.PutIndex(Index(collection, number))) },
            8 => m => m with { Loads = m.Loads.Apply(new LoadCommand.PutLoad(new() { Collection = collection, Whole = number > 2, Since = new(9), Partitions = [new(number)] })) },
            _ => Root(new RootCommand.PutCollection(new()
            {
                Id = collection, Database = new(1), Schema = new() { Name = $"c{collection.Value}-{number}", Fields = [new() { Id = new(100), Name = "id", Type = DataType.Int64, IsPrimaryKey = true }] },
                Shards = 1, Consistency = ConsistencyLevel.Bounded, Created = new(8), Updated = new((ulong)number), Partitions = [new(new(number), "_default", new(8))],
            })),
        };
    }

    private static Func<MetadataSnapshot, MetadataSnapshot> Root(RootCommand command) => m => m with { Root = m.Root.Apply(command) };

    private static IndexInfo Index(CollectionId collection, int number) => new()
    {
        Id = new(number), Collection = collection, Field = new(102), Name = $"i{number}", Type = "HNSW", Params = [new("metric_type", "L2"), new("M", "16")], Created = new(300),
    };
}
