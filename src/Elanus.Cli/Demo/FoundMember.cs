namespace Elanus.Cli;

/// <summary>An answer: a member as one would write it, its summary, and how near it lies (1 is the same direction).</summary>
internal sealed record FoundMember(string Name, string Text, float Score);
