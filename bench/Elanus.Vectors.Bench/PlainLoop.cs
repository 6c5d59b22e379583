using System.Runtime.InteropServices;

namespace Elanus.Vectors.Bench;

/// <summary>What anybody would write first; everything else is reported as a multiple of it.</summary>
internal static class PlainLoop
{
    public static (float Distance, int Row)[] Search(Samples rows, ReadOnlySpan<byte> query, int k)
    {
        var best = new PriorityQueue<int, float>();
        var q = MemoryMarshal.Cast<byte, float>(query);
        for (var row = 0; row < rows.Count; row++)
        {
            var r = MemoryMarshal.Cast<byte, float>(rows.Row(row));
            var sum = 0f;
            for (var i = 0; i < q.Length; i++)
            {
                var d = q[i] - r[i];
                sum += d * d;
            }

            if (best.Count < k)
            {
                best.Enqueue(row, -sum);
            }
            else
            {
                best.EnqueueDequeue(row, -sum);
            }
        }

        return [.. best.UnorderedItems.Select(i => (-i.Priority, i.Element)).Order()];
    }
}
