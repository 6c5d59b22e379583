using Elanus.Roles;

namespace Elanus.Simulation;

/// <summary>
/// What a failure claims must have been so at some moment of the call. The moments are the positions from what answers before the call had
/// seen applied to what was committed when the node answered.
/// </summary>
internal static class Excuses
{
    /// <summary>Null where the failure is explained; else a sentence.</summary>
    public static string? For(Operation operation, Failure failure, string collection, IReadOnlyList<string> partitions, Model model)
    {
        var excused = failure.Code switch
        {
            // A dropped collection's rows go after its name: a call between the two finds the name and then no rows.
            FailureCode.CollectionNotFound => Held(p => model.Resolve(collection, p) is not { } id || model.Find(id)?.Exists(p) != true)

                // A write goes to the collection that the name meant when it came; a read follows the name.
                || (operation is WriteOperation && Held(p => model.Resolve(collection, p) is { } id && model.Find(id)?.Exists(operation.Ceiling) != true)),
            // Index and load state go with the collection's name: a search that a drop overtakes may meet any of the three gone.
            FailureCode.CollectionNotLoaded => Held(p => model.Resolve(collection, p) is not { } id || model.Loads.At(id, p) is not true),
            FailureCode.IndexNotFound => Held(p => model.Resolve(collection, p) is not { } id || model.Indexed.At(id, p) is not true),
            FailureCode.PartitionNotFound => Held(p => model.Resolve(collection, p) is not { } id || partitions.Any(name => model.PartitionNames.At((id, name), p) is null)),
            FailureCode.QuotaExceeded or FailureCode.TooManyRequests or FailureCode.NotReady => true,
            // What a forced promotion dropped may have been stamped by a clock far ahead; the history that goes on knows nothing of it.
            FailureCode.InvalidParameter => operation.SessionOf != operation.Branch && failure.Sentence.Contains("ahead of the clock", StringComparison.Ordinal),
            FailureCode.Unavailable => failure.Sentence.Contains("in-sync set", StringComparison.Ordinal),
            _ => false,
        };
        return excused ? null : $"nothing in the log explains {failure} (metadata of positions {operation.AppliedFloor} to {operation.Ceiling})";

        bool Held(Func<ulong, bool> asked) => model.Held(operation.AppliedFloor, operation.Ceiling, asked);
    }
}
