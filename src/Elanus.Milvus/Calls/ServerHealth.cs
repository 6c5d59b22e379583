namespace Elanus.Milvus;

/// <summary>Whether the server can do its work, and what stands in its way.</summary>
/// <param name="Reasons">Sentences; empty where it is healthy.</param>
/// <param name="DeniesWrites">Writes are refused, for lack of space; reads go on.</param>
public sealed record ServerHealth(IReadOnlyList<string> Reasons, bool DeniesWrites)
{
    public static readonly ServerHealth Good = new([], DeniesWrites: false);

    public bool IsHealthy => Reasons.Count == 0;
}
