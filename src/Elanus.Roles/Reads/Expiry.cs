using System.Globalization;

namespace Elanus.Roles;

/// <summary>Which rows of a collection are too old to be shown, by its property <see cref="CollectionProperties.TtlSeconds"/>.</summary>
public static class Expiry
{
    /// <summary>Rows inserted before this are not shown; zero where rows do not expire.</summary>
    public static Timestamp NotBefore(CollectionInfo collection, Timestamp now)
    {
        var given = collection.Properties.GetValueOrDefault(CollectionProperties.TtlSeconds);
        if (!long.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) || seconds <= 0)
        {
            return Timestamp.Zero;
        }

        var age = (ulong)Math.Min(seconds, long.MaxValue / 1000) * 1000;
        return age >= now.PhysicalMs ? Timestamp.Zero : Timestamp.FromPhysical(now.PhysicalMs - age);
    }
}
