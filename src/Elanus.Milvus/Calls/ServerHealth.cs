namespace Elanus.Milvus;

/// <summary>Whether the server can do its work, and what stands in its way.</summary>
/// <param name="IsHealthy">It goes on. As in Milvus, a server that only denies something is healthy.</param>
/// <param name="Reasons">Sentences: of what ails it, or of what it denies.</param>
/// <param name="DeniesWrites">Writes are refused, for lack of space; reads go on.</param>
public sealed record ServerHealth(bool IsHealthy, IReadOnlyList<string> Reasons, bool DeniesWrites)
{
    /// <summary>It follows another node, and takes over when that one ends.</summary>
    public bool IsStandby { get; init; }

    public static readonly ServerHealth Good = new(IsHealthy: true, [], DeniesWrites: false);

    public static ServerHealth Ill(string reason) => new(IsHealthy: false, [reason], DeniesWrites: false);

    /// <param name="why">The failure that writes end with.</param>
    public static ServerHealth WritesDenied(Failure why) => new(IsHealthy: true, [FailureText.Of(why)], DeniesWrites: true);
}
