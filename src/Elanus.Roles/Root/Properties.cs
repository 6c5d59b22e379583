using System.Collections.Immutable;

namespace Elanus.Roles;

/// <summary>Key/value properties of databases, collections and indexes.</summary>
public static class Properties
{
    public static ImmutableSortedDictionary<string, string> Changed(
        ImmutableSortedDictionary<string, string> before,
        IReadOnlyCollection<KeyValuePair<string, string>> set,
        IReadOnlyCollection<string> delete)
    {
        var builder = before.WithComparers(StringComparer.Ordinal).ToBuilder();
        foreach (var key in delete)
        {
            builder.Remove(key);
        }

        foreach (var (key, value) in set)
        {
            builder[key] = value;
        }

        return builder.ToImmutable();
    }

    public static bool IsTrue(this IReadOnlyDictionary<string, string> properties, string key) =>
        properties.TryGetValue(key, out var value) && value.Equals("true", StringComparison.OrdinalIgnoreCase);
}
