namespace Elanus.Roles;

/// <summary>One step of a search iterator (version 2).</summary>
/// <param name="Token">Names the iteration; empty on its first step.</param>
/// <param name="BatchSize">Rows of this step.</param>
/// <param name="LastBound">Score that the last row had: this step's rows are beyond it. Null on the first step.</param>
public sealed record SearchIteratorStep(string Token, int BatchSize, float? LastBound);
