using System.Runtime.CompilerServices;

namespace Elanus.Vectors;

/// <summary>
/// The best k (key, row) pairs offered, in a binary heap with the worst on top. A pair is one 64-bit number whose order is
/// (key ascending, row ascending), so ties are settled by the same comparison.
/// </summary>
internal sealed class TopHits
{
    private const int CapacityFirst = 64;

    private readonly int k;
    private readonly KeyRange range;
    private ulong[] heap;
    private int count;

    public TopHits(int k, KeyRange range)
    {
        this.k = k;
        this.range = range;
        heap = new ulong[Math.Min(k, CapacityFirst)];
        Limit = range.Farthest;
    }

    /// <summary>The largest key that may still enter.</summary>
    public float Limit { get; private set; }

    public int Count => count;

    public void Offer(float key, int row)
    {
        if (!(key <= Limit) || key < range.Nearest)
        {
            return;
        }

        var pair = RankedRow.Pack(key, row);
        if (count < k)
        {
            if (count == heap.Length)
            {
                Array.Resize(ref heap, Math.Min(k, 2 * count));
            }

            heap[count] = pair;
            SiftUp(count++);
        }
        else if (pair < heap[0])
        {
            SiftDown(pair);
        }

        if (count == k)
        {
            Limit = RankedRow.Key(heap[0]);
        }
    }

    /// <summary>Offers row numbers first, first + 1 ... with their keys.</summary>
    public void OfferRun(ReadOnlySpan<float> keys, int first)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] <= Limit)
            {
                Offer(keys[i], first + i);
            }
        }
    }

    /// <summary>Offers the given rows, counted from a first one, with their keys.</summary>
    public void OfferRows(ReadOnlySpan<float> keys, ReadOnlySpan<int> rows, int first)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] <= Limit)
            {
                Offer(keys[i], first + rows[i]);
            }
        }
    }

    /// <summary>The hits, best first. The collection is spent afterwards.</summary>
    public Hit[] Take(MetricType metric)
    {
        var pairs = heap.AsSpan(0, count);
        pairs.Sort();
        var hits = new Hit[count];
        for (var i = 0; i < hits.Length; i++)
        {
            hits[i] = new(RankedRow.Row(pairs[i]), KeyRange.Score(metric, RankedRow.Key(pairs[i])));
        }

        count = 0;
        return hits;
    }

    private void SiftUp(int at)
    {
        var pair = heap[at];
        while (at > 0)
        {
            var parent = (at - 1) >> 1;
            if (heap[parent] >= pair)
            {
                break;
            }

            heap[at] = heap[parent];
            at = parent;
        }

        heap[at] = pair;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SiftDown(ulong pair)
    {
        var at = 0;
        while (true)
        {
            var child = 2 * at + 1;
            if (child >= count)
            {
                break;
            }

            if (child + 1 < count && heap[child + 1] > heap[child])
            {
                child++;
            }

            if (heap[child] <= pair)
            {
                break;
            }

            heap[at] = heap[child];
            at = child;
        }

        heap[at] = pair;
    }
}
