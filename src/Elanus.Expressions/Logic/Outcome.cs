namespace Elanus.Expressions;

/// <summary>The answer of a condition for one row.</summary>
internal enum Outcome
{
    Unknown,
    False,
    True,
}

internal static class Outcomes
{
    public static Outcome Of(bool holds) => holds ? Outcome.True : Outcome.False;
}
