using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>
/// The only values of one field with which a filter can match. Values are distinct, of type Int64 or VarChar.
/// </summary>
/// <param name="Values">A row whose value is none of these does not match; no values mean that no row matches.</param>
/// <param name="IsExact">Every row whose value is one of these does match: the filter is a list of keys and nothing else.</param>
public sealed record KeyConstraint(ImmutableArray<FieldValue> Values, bool IsExact)
{
    internal static readonly KeyConstraint None = new([], true);

    /// <summary>What two conditions that must both hold leave; null is no constraint.</summary>
    internal static KeyConstraint? Both(KeyConstraint? a, KeyConstraint? b)
    {
        if (a is null || b is null)
        {
            return a is null ? b is null ? null : b with { IsExact = false } : a with { IsExact = false };
        }

        var other = b.Values.ToHashSet();
        return new(a.Values.Where(other.Contains).ToImmutableArray(), a.IsExact && b.IsExact);
    }

    /// <summary>What two conditions of which one must hold leave.</summary>
    internal static KeyConstraint Either(KeyConstraint a, KeyConstraint b) =>
        new(a.Values.Concat(b.Values).Distinct().ToImmutableArray(), a.IsExact && b.IsExact);
}
