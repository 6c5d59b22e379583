namespace Elanus.Vectors;

/// <summary>
/// Searches compare keys: the score where smaller is better, zero minus the score where larger is better, so that smaller is always better.
/// This is the range of keys a request lets through, both ends inclusive; NaN lies in none.
/// </summary>
internal readonly record struct KeyRange(float Nearest, float Farthest)
{
    public static readonly KeyRange All = new(float.NegativeInfinity, float.PositiveInfinity);

    public static KeyRange Of(MetricType metric, SearchRequest request)
    {
        var sign = metric.LargerIsBetter() ? -1f : 1f;
        var nearest = request.RangeFilter is { } inner ? 0f + sign * inner : float.NegativeInfinity;
        var farthest = request.Radius is { } outer ? MathF.BitDecrement(sign * outer) : float.PositiveInfinity;
        if (!metric.CanGuideGraph())
        {
            // A row that does not match has the key infinity, and is no hit under any bounds.
            farthest = Math.Min(farthest, float.MaxValue);
        }

        return new(nearest, farthest);
    }

    public static float Score(MetricType metric, float key) => metric.LargerIsBetter() ? 0f - key : key;

    public bool Holds(float key) => key >= Nearest && key <= Farthest;
}
