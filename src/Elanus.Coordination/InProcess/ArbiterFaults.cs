namespace Elanus.Coordination;

/// <summary>What goes wrong between one node and its arbiter. Nothing by default; may be changed at any time.</summary>
public sealed class ArbiterFaults
{
    /// <summary>Asked once at every call: what becomes of it.</summary>
    public Func<ArbiterCall, ArbiterFate> Fate { get; set; } = static _ => ArbiterFate.Prompt;

    /// <summary>Asked at every signal of a watch: how late it comes; null: never.</summary>
    public Func<TimeSpan?> WatchDelay { get; set; } = static () => TimeSpan.Zero;
}
