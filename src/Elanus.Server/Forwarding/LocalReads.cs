using Elanus.Log;
using Elanus.Primitives;
using Elanus.Roles;

namespace Elanus.Server;

/// <summary>
/// Judges whether a node that is not active may answer a read of its own state: one that is not Strong, whose names it knows, and whose guarantee its state
/// reaches soon. All others are the active's.
/// </summary>
/// <param name="context">This node's roles.</param>
/// <param name="time">The clock.</param>
public sealed class LocalReads(ProxyContext context, TimeProvider time)
{
    /// <summary>How long a read waits for this node's state before it goes to the active.</summary>
    private static readonly TimeSpan CatchUpMax = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits until the node's state is fresh enough, where it soon is.</summary>
    /// <param name="database">By name.</param>
    /// <param name="collection">Name or alias.</param>
    /// <param name="partitions">Names; empty for all.</param>
    /// <param name="level">As the request says it; null for the collection's.</param>
    /// <param name="guarantee">Of a Session read, or a Customized one.</param>
    /// <param name="cancel">Throws <see cref="OperationCanceledException"/>.</param>
    public async Task<bool> Answers(string database, string collection, IReadOnlyList<string> partitions, ConsistencyLevel? level, Timestamp guarantee, CancellationToken cancel)
    {
        if (level == ConsistencyLevel.Strong || !Knows(database, collection, partitions, out var info))
        {
            return false;
        }

        var freshness = context.Freshness(info, level, guarantee);
        if (freshness.Level == ConsistencyLevel.Strong)
        {
            return false;
        }

        using var patience = new CancellationTokenSource(CatchUpMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            // Names once more: what was there may be gone at that freshness.
            return (await context.Node.Reach(freshness, either.Token)).Succeeded && Knows(database, collection, partitions, out _);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
        catch (LogDeadException)
        {
            // It was the active, drains, and learns nothing of the new one's history any more.
            return false;
        }
    }

    /// <summary>What is not known here may have been made at the active just now.</summary>
    private bool Knows(string database, string name, IReadOnlyList<string> partitions, out CollectionInfo collection) =>
        context.Collection(database, name).TryGet(out collection!, out _)
        && context.Metadata.Current.Loads.Of(collection.Id) is { } load
        && partitions.All(Covered(collection, load));

    private static Func<string, bool> Covered(CollectionInfo collection, LoadInfo load) => name => collection.Partition(name) is { } partition && load.Covers(partition.Id);
}
