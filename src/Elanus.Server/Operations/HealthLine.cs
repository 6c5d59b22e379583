namespace Elanus.Server;

/// <summary>What a node says of itself on its health page.</summary>
/// <param name="Role">"active" or "standby".</param>
/// <param name="Serving">Whether it serves in that role.</param>
public sealed record HealthLine(string Role, bool Serving)
{
    private static readonly HealthLine[] All = [new("active", true), new("active", false), new("standby", true), new("standby", false)];

    /// <summary>The line in an HTTP answer; null where there is none.</summary>
    public static HealthLine? In(string answer)
    {
        foreach (var line in All)
        {
            if (answer.Contains($"\n{line}", StringComparison.Ordinal))
            {
                return line;
            }
        }

        return null;
    }

    public override string ToString() => $"{Role}, {(Serving ? "serving" : "not serving")}";
}
