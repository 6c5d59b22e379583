namespace Elanus.Milvus;

/// <summary>How fresh a read must be, from the three fields in which requests say so.</summary>
/// <param name="Level">Null for the collection's own.</param>
/// <param name="Guarantee">What must be seen, for levels that leave it to the client; 0 where it names nothing.</param>
public readonly record struct ReadConsistency(ConsistencyLevel? Level, Timestamp Guarantee)
{
    /// <summary>Guarantees that clients before consistency levels sent in place of one.</summary>
    private const ulong EventuallyMark = 1;
    private const ulong BoundedMark = 2;

    public static Result<ReadConsistency> Of(Protocol.Common.ConsistencyLevel level, bool useDefault, ulong guarantee)
    {
        if (useDefault)
        {
            return new ReadConsistency(null, new(guarantee));
        }

        var known = (ConsistencyLevel)level;
        if (known is < ConsistencyLevel.Strong or > ConsistencyLevel.Customized)
        {
            return Failure.Invalid($"consistency level {(int)level} is not known");
        }

        // A request that names no level names the first one, Strong: with a guarantee it comes from an older client.
        return known == ConsistencyLevel.Strong
            ? guarantee switch
            {
                0 => new ReadConsistency(ConsistencyLevel.Strong, default),
                EventuallyMark => new ReadConsistency(ConsistencyLevel.Eventually, default),
                BoundedMark => new ReadConsistency(ConsistencyLevel.Bounded, default),
                _ => new ReadConsistency(ConsistencyLevel.Customized, new(guarantee)),
            }
            : new ReadConsistency(known, new(guarantee));
    }
}
