using Elanus.Roles;

namespace Elanus.Simulation;

/// <summary>What the clients of one run do, and how often; drawn once a run, so that runs differ more than their operations do.</summary>
public sealed class WorkloadMix
{
    private readonly int keys;
    private readonly int writes;
    private readonly int definitions;

    public WorkloadMix(Dice dice)
    {
        keys = dice.Of([4, 12, 40, 400]);
        writes = dice.Of([300, 500, 800]);
        definitions = dice.Of([5, 20, 60]);
        BurstsInThousand = dice.Of([0, 50, 400]);
        Shards = dice.Of([1, 1, 2]);
        IndexType = dice.Of(["FLAT", "FLAT", "FLAT", "HNSW"]);
    }

    public int BurstsInThousand { get; }

    public int Shards { get; }

    /// <summary>Of every index of the run.</summary>
    public string IndexType { get; }

    public Operation Draw(Dice dice)
    {
        var collection = dice.Chance(50) ? World.Alias : dice.Chance(50) ? dice.Of(World.Names) : dice.Of(World.Collections);
        if (dice.Chance(definitions))
        {
            return Definition(dice, collection);
        }

        return dice.Chance(writes) ? Write(dice, collection) : Read(dice, collection);
    }

    private WriteOperation Write(Dice dice, string collection)
    {
        var kind = dice.Of([WriteKind.Insert, WriteKind.Insert, WriteKind.Upsert, WriteKind.Upsert, WriteKind.Delete]);
        var partition = dice.Chance(200) ? dice.Of(World.Partitions) : "";
        return new(kind, collection, partition, Keys(dice, distinct: kind != WriteKind.Insert)) { HasRequestId = dice.Chance(300) };
    }

    private Operation Read(Dice dice, string collection)
    {
        var level = dice.Of([ConsistencyLevel.Strong, ConsistencyLevel.Strong, ConsistencyLevel.Strong, ConsistencyLevel.Session, ConsistencyLevel.Bounded, ConsistencyLevel.Eventually]);
        IReadOnlyList<string> partitions = dice.Chance(100) ? [dice.Of(World.Partitions)] : [];
        return dice.Below(6) switch
        {
            0 => new QueryOperation(collection, partitions, null, counts: true, level),
            1 => new QueryOperation(collection, partitions, null, counts: false, level),
            2 or 3 => new SearchOperation(collection, partitions, dice.Below(100), dice.Of([1, 3, 10]), level, exact: IndexType == "FLAT"),
            _ => new QueryOperation(collection, partitions, Keys(dice, distinct: true), counts: false, level),
        };
    }

    private DefinitionOperation Definition(Dice dice, string collection)
    {
        var kind = (DefinitionKind)dice.Below(Enum.GetValues<DefinitionKind>().Length);
        return kind switch
        {
            DefinitionKind.CreateIndex => new(kind, collection, IndexType),
            DefinitionKind.Rename => new(kind, dice.Of(World.Names), dice.Of(World.Names)),
            DefinitionKind.AddField => new(kind, collection, dice.Of(World.AddedFields)),
            DefinitionKind.CreateCollection => new(kind, dice.Of(World.Collections), ""),
            DefinitionKind.DropCollection => new(kind, dice.Of(World.Names), ""),
            DefinitionKind.CreatePartition or DefinitionKind.DropPartition => new(kind, collection, dice.Of(World.Partitions)),
            DefinitionKind.CreateAlias or DefinitionKind.AlterAlias or DefinitionKind.DropAlias => new(kind, dice.Of(World.Names), World.Alias),
            _ => new(kind, collection, ""),
        };
    }

    private List<long> Keys(Dice dice, bool distinct)
    {
        var drawn = new List<long>();
        var count = 1 + dice.Below(dice.Of([1, 1, 3, World.RowsMax]));
        while (drawn.Count < count)
        {
            var key = dice.Below(Math.Max(keys, World.RowsMax));
            if (!distinct || !drawn.Contains(key))
            {
                drawn.Add(key);
            }
        }

        return drawn;
    }
}
