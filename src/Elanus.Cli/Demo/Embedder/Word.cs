namespace Elanus.Cli;

/// <summary>A word in lower case, as it stands and as its stem.</summary>
internal sealed record Word(string Stem, string Form);
