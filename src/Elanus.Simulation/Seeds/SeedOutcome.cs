namespace Elanus.Simulation;

/// <summary>How a run ended.</summary>
/// <param name="Violation">The check that failed, as a sentence; null where all held.</param>
public sealed record SeedOutcome(
    ulong Seed, string? Violation, ulong TraceHash, long Steps, int Operations, int Answered, int Unknown, int Faults, int Starts, int Compared)
{
    public bool Held => Violation is null;

    /// <summary>One line, the same for the same seed, whenever and wherever it runs: of a violation its first one. What follows there, where the code was, changes with how it was compiled.</summary>
    public string Line => $"seed {Seed}: {(Held ? "all checks held" : $"VIOLATION: {ViolationLines[0]}")}; trace {TraceHash:x16}";

    /// <summary>What a violation says beyond its first line; empty where there is none.</summary>
    public IEnumerable<string> Details => Held ? [] : ViolationLines.Skip(1);

    private string[] ViolationLines => Violation!.ReplaceLineEndings("\n").Split('\n');
}
