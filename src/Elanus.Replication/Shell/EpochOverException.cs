namespace Elanus.Replication;

/// <summary>This process's part is over: another node is active, or an operator must decide (<paramref name="needsOperator"/>).</summary>
public sealed class EpochOverException(string sentence, bool needsOperator) : Exception(sentence)
{
    public bool NeedsOperator => needsOperator;
}
