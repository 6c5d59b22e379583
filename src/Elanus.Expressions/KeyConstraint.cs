using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>
/// The only values of one field with which a filter can match.
/// </summary>
/// <param name="Values">Distinct, in ascending order, of type Int64 or VarChar. A row whose value is none of these does not match; no values mean that no row matches.</param>
/// <param name="IsExact">Every row whose value is one of these does match: the filter is a list of keys and nothing else.</param>
public sealed record KeyConstraint(ImmutableArray<FieldValue> Values, bool IsExact)
{
    private static readonly Comparer<FieldValue> Order = Comparer<FieldValue>.Create((a, b) =>
        a.Type == DataType.VarChar ? string.CompareOrdinal(a.Text, b.Text) : a.Integer.CompareTo(b.Integer));

    internal static readonly KeyConstraint None = new([], true);

    internal static KeyConstraint Of(IEnumerable<long> values) => new(Ascending(values.Select(FieldValue.Of)), true);

    internal static KeyConstraint Of(IEnumerable<string> values) => new(Ascending(values.Select(FieldValue.Of)), true);

    /// <summary>What two conditions that must both hold leave; null is no constraint.</summary>
    internal static KeyConstraint? Both(KeyConstraint? a, KeyConstraint? b)
    {
        if (a is null || b is null)
        {
            return (a ?? b) is { } only ? only with { IsExact = false } : null;
        }

        return new([.. a.Values.Where(v => b.Values.BinarySearch(v, Order) >= 0)], a.IsExact && b.IsExact);
    }

    /// <summary>What conditions of which one must hold leave.</summary>
    internal static KeyConstraint Either(IReadOnlyCollection<KeyConstraint> all) =>
        new(Ascending(all.SelectMany(k => k.Values)), all.All(k => k.IsExact));

    private static ImmutableArray<FieldValue> Ascending(IEnumerable<FieldValue> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted, Order);
        return [.. sorted.Where((v, i) => i == 0 || v != sorted[i - 1])];
    }
}
