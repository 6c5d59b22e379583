using System.Collections.Immutable;

namespace Elanus.Engine;

/// <summary>
/// The columns of neighbours that may become one segment: all their rows count, dead ones too, since replicas must agree whatever has died on each meanwhile. What a record may merge and what is
/// planned are judged by this alike. One thread.
/// </summary>
/// <param name="bytesMax">The bound on each column.</param>
public sealed class MergedColumns(long bytesMax)
{
    private long[] sums = [];

    /// <summary>Adds a segment's columns, bytes a field; false, and nothing is added, where one would pass the bound. The first always has room: alone it is only rewritten.</summary>
    public bool TryAdd(ImmutableArray<long> columnBytes)
    {
        if (sums.Length == 0)
        {
            sums = [.. columnBytes];
            return true;
        }

        for (var c = 0; c < sums.Length; c++)
        {
            if (columnBytes[c] > bytesMax - sums[c])
            {
                return false;
            }
        }

        for (var c = 0; c < sums.Length; c++)
        {
            sums[c] += columnBytes[c];
        }

        return true;
    }
}
