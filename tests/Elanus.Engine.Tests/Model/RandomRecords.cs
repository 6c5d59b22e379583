using Elanus.Primitives;

namespace Elanus.Engine.Tests;

/// <summary>The next step of a random history of the sample collection: few keys, so that they meet often.</summary>
internal static class RandomRecords
{
    public static IEnumerable<DataRecord> Next(Random random)
    {
        switch (random.Next(16))
        {
            case 0:
                return [Seal.All(Sample.Collection)];
            case 1:
                return [new Seal(Sample.Collection, [], [Partition(random)])];
            case 2:
                return [new PartitionDropped(Sample.Collection, Sample.P2), new PartitionCreated(Sample.Collection, Sample.P2)];
            case 3 when random.Next(4) == 0:
                return [new Truncated(Sample.Collection)];
            case 4 or 5:
                return [Sample.Delete(random.Next(12), random.Next(12))];
            case 6:
                return [Sample.DeleteIn(Partition(random), random.Next(12), random.Next(12))];
            case 7 or 8:
                return [Sample.Upsert(Partition(random), Rows(random))];
            default:
                var groups = Enumerable.Range(0, random.Next(1, 4))
                    .Select(_ => new RowGroup(random.Next(2), Partition(random), Sample.Batch(false, Rows(random)))).ToList();
                return [new Write(Sample.Collection, 1, random.Next(3) > 0 ? null : new(Sample.Keys(false, random.Next(12)), []), groups)];
        }
    }

    private static PartitionId Partition(Random random) => random.Next(2) == 0 ? Sample.P1 : Sample.P2;

    private static (long, int)[] Rows(Random random) => [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => ((long)random.Next(12), random.Next(81)))];
}
