using System.Collections.Immutable;

namespace Elanus.Replication;

/// <summary>How a replica is, for status and for those who pass calls on. Immutable; a new one at every change.</summary>
/// <param name="Active">The active node, as far as is known; null while none is.</param>
/// <param name="Epoch">Of the active.</param>
/// <param name="InSync">The in-sync set, as far as this node knows.</param>
/// <param name="IsActive">Whether this node is the active, with its fence committed.</param>
/// <param name="AcceptsWrites">Whether the set suffices for writes.</param>
/// <param name="Turns">The last changes of the active, newest first.</param>
/// <param name="Sentences">What an operator should know, newest first.</param>
public sealed record ReplicaState(
    Member? Active, Epoch Epoch, ImmutableArray<Member> InSync, bool IsActive, bool AcceptsWrites, ImmutableArray<ReplicaTurn> Turns, ImmutableArray<string> Sentences)
{
    internal const int TurnsMax = 16;

    internal const int SentencesMax = 16;

    /// <summary>How far the copy of the active's state is that this node fetches; null while it fetches none.</summary>
    public CopyProgress? Copying { get; init; }

    /// <summary>The last epoch whose active's log this node's was found to lead up to: what is committed here from then on is of that history.</summary>
    public Epoch Matched { get; init; } = Epoch.None;

    /// <summary>Before anything is known.</summary>
    public static readonly ReplicaState Unknown = new(null, Epoch.None, [], false, true, [], []);
}
