using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>
/// Keeps a share of the set bits: exactly the floor of share times their number, at least one where there is any, each subset as likely as
/// another (selection sampling, Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S). The same seed keeps the same bits.
/// </summary>
internal static class Sampling
{
    public static void Keep(Bitset rows, double share, ulong seed)
    {
        var remaining = rows.Count();
        var needed = remaining == 0 ? 0 : Math.Max(1, (int)(remaining * share));
        for (var row = rows.NextSet(0); row >= 0; row = rows.NextSet(row + 1))
        {
            if (NextUnit(ref seed) * remaining < needed)
            {
                needed--;
            }
            else
            {
                rows[row] = false;
            }

            remaining--;
        }
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood, 2014), as a number in [0, 1).</summary>
    private static double NextUnit(ref ulong state)
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            var z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
        }
    }
}
