namespace Elanus.Simulation;

/// <summary>How a run ended.</summary>
/// <param name="Violation">The check that failed, as a sentence; null where all held.</param>
public sealed record SeedOutcome(
    ulong Seed, string? Violation, ulong TraceHash, long Steps, int Operations, int Answered, int Unknown, int Faults, int Starts, int Compared)
{
    public bool Held => Violation is null;

    /// <summary>One line, the same for the same seed, whenever and wherever it runs.</summary>
    public string Line => $"seed {Seed}: {(Held ? "all checks held" : $"VIOLATION: {Violation!.ReplaceLineEndings(" ")}")}; trace {TraceHash:x16}";
}
