using Elanus.Roles;
using Elanus.Server;

namespace Elanus.Simulation;

/// <summary>A query or a search: judged against the states of the positions that its consistency level allows.</summary>
public abstract class ReadOperation<T>(string collection, IReadOnlyList<string> partitions, ConsistencyLevel level) : Operation<T>
{
    /// <summary>Name or alias.</summary>
    protected string Collection => collection;

    protected IReadOnlyList<string> Partitions => partitions;

    protected string Place => $"{collection}{string.Concat(partitions.Select(p => "/" + p))}";

    protected ConsistencyLevel Level => level;

    /// <summary>What a Session read tells the node.</summary>
    protected Timestamp Guarantee => level == ConsistencyLevel.Session ? Session : default;

    /// <summary>The collection that answered, as its node knew it.</summary>
    protected abstract CollectionInfo Found { get; }

    public sealed override string? Verify(Evidence evidence)
    {
        if (End != CallEnd.Answered)
        {
            return null;
        }

        var model = evidence.Model;
        if (Failure is { } failure)
        {
            return Excuses.For(this, failure, collection, partitions, model);
        }

        var answered = Found.Id;
        if (model.Find(answered) is not { } rows)
        {
            return $"collection {answered} answered, which no record made";
        }

        // It had the name asked for at some moment of the call.
        if (!model.Held(AppliedFloor, Ceiling, p => model.Resolve(collection, p) == answered))
        {
            return $"collection {answered} answered for {collection}, which did not lead there at positions {AppliedFloor} to {Ceiling}";
        }

        PartitionId[] chosen = [.. partitions.Select(name => Found.Partition(name)!.Id)];
        var least = Least(evidence);
        return rows.Moments(least, Ceiling).Any(position => IsStateAt(rows, position, chosen)) ? null : $"{Wrong} from {least} to {Ceiling}";
    }

    /// <summary>What is wrong where it is no state's answer, up to the positions.</summary>
    protected abstract string Wrong { get; }

    /// <summary>Whether the answer is right for the state at a position; of some partitions, or of all where none is named.</summary>
    protected abstract bool IsStateAt(ModelCollection model, ulong position, IReadOnlyCollection<PartitionId> chosen);

    protected sealed override Task<CallOutcome<T>> Send(ICallTarget target, CancellationToken cancel) =>
        level == ConsistencyLevel.Strong ? target.Call(Call, cancel) : target.Read(Call, AnswersItself, cancel);

    private Task<bool> AnswersItself(LocalReads node, CancellationToken cancel) => node.Answers(World.Database, collection, partitions, level, Guarantee, cancel);

    /// <summary>The first position whose state it may show.</summary>
    private ulong Least(Evidence evidence) => level switch
    {
        ConsistencyLevel.Strong => Floor,
        ConsistencyLevel.Session => evidence.UpTo(Session),
        // What nobody was told of may be missing still: an active that is alone in its set waits for no confirmation of it.
        ConsistencyLevel.Bounded => Math.Min(Floor, evidence.UpTo(BoundedFrom)),
        _ => 0,
    };
}
