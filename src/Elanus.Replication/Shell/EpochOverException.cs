namespace Elanus.Replication;

/// <summary>This process's part is over: another node is active, or an operator must decide (<paramref name="needsOperator"/>).</summary>
public sealed class EpochOverException(string sentence, bool needsOperator) : Exception(sentence)
{
    public bool NeedsOperator => needsOperator;

    /// <summary>The node is to be started again at once: it goes on with what it has fetched.</summary>
    public bool StartsAgain { get; init; }

    /// <summary>Another node has claimed: the expected end of an active that handed over, or was taken for dead.</summary>
    public bool IsOvertaken { get; init; }
}
