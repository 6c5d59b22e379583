namespace Elanus.Roles;

/// <summary>How much of the log a read must see before it answers.</summary>
/// <param name="Level">The consistency level.</param>
/// <param name="Guarantee">For Session, Bounded and Customized: every record up to this moment.</param>
public readonly record struct Freshness(ConsistencyLevel Level, Timestamp Guarantee)
{
    public static readonly Freshness Strong = new(ConsistencyLevel.Strong, Timestamp.Max);
}
