namespace Elanus.Expressions;

/// <summary>What one row costs beside a fixed-width comparison, measured roughly.</summary>
internal static class Costs
{
    public const int Numbers = 8;

    public const int Text = 20;

    public const int Array = 50;

    public const int Json = 300;
}
