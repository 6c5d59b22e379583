using Elanus.Roles;

namespace Elanus.Simulation;

/// <summary>What queries and searches are judged by alike.</summary>
internal static class Reads
{
    /// <summary>Null where the collection that answered had the name asked for at some moment of the call.</summary>
    public static string? Target(Operation operation, CollectionId answered, string name, IReadOnlyList<string> partitions, Model model)
    {
        if (model.Find(answered) is null)
        {
            return $"collection {answered} answered, which no record made";
        }

        return model.Held(operation.AppliedFloor, operation.Ceiling, p => model.Resolve(name, p) == answered)
            ? null
            : $"collection {answered} answered for {name}, which did not lead there at positions {operation.AppliedFloor} to {operation.Ceiling}";
    }

    /// <summary>The first position whose state a read may show.</summary>
    public static ulong Least(Operation operation, ConsistencyLevel level, Evidence evidence) => level switch
    {
        ConsistencyLevel.Strong => operation.Floor,
        ConsistencyLevel.Session => evidence.UpTo(operation.Session),
        _ => 0,
    };

    /// <summary>The partitions that were read; empty for all.</summary>
    public static IReadOnlyCollection<PartitionId> Partitions(CollectionInfo collection, IReadOnlyList<string> names) =>
        [.. names.Select(name => collection.Partition(name)!.Id)];
}
