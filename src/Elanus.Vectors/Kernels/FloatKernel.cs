using System.Runtime.CompilerServices;

namespace Elanus.Vectors;

/// <summary>
/// Compares one query with rows of floating elements, four rows at a time, in the canonical order (README.md): lane l adds up the elements
/// l, l + 16, l + 32 ..., and the lanes are added in a fixed tree.
/// </summary>
internal static unsafe class FloatKernel<TLanes, TElement, TSum>
    where TLanes : struct, ILanes<TLanes>
    where TElement : struct, IElement
    where TSum : struct, IAccumulator<TSum, TLanes>
{
    public static RowKernel Kernel => new(&Run, &Gather);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(in Probe query, byte* rows, int count, float* keys) =>
        Compare(query, new RunAddresses(rows, query.RowBytes), count, keys);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(in Probe query, byte* rows, int* numbers, int count, float* keys) =>
        Compare(query, new GatheredAddresses(rows, query.RowBytes, numbers), count, keys);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Compare<TAddresses>(in Probe query, TAddresses rows, int count, float* keys)
        where TAddresses : struct, IRowAddresses
    {
        var values = (float*)query.Values;
        var dimension = query.Dimension;
        var inverseLength = query.InverseLength;
        var i = 0;
        for (; i + 4 <= count; i += 4)
        {
            rows.Prefetch(i, count);
            rows.Prefetch(i + 1, count);
            rows.Prefetch(i + 2, count);
            rows.Prefetch(i + 3, count);
            Four(values, dimension, inverseLength, rows[i], rows[i + 1], rows[i + 2], rows[i + 3], keys + i);
        }

        for (; i < count; i++)
        {
            One(values, dimension, inverseLength, rows[i], keys + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(float* query, int dimension, float inverseLength, byte* a, byte* b, byte* c, byte* d, float* keys)
    {
        TSum sumA = default, sumB = default, sumC = default, sumD = default;
        var size = TElement.Size;
        nint at = 0;
        for (nint whole = dimension & ~(ILanes<TLanes>.Count - 1); at < whole; at += ILanes<TLanes>.Count)
        {
            var lanes = TLanes.Load(query + at);
            sumA = TSum.Step(sumA, lanes, TElement.Load<TLanes>(a + at * size));
            sumB = TSum.Step(sumB, lanes, TElement.Load<TLanes>(b + at * size));
            sumC = TSum.Step(sumC, lanes, TElement.Load<TLanes>(c + at * size));
            sumD = TSum.Step(sumD, lanes, TElement.Load<TLanes>(d + at * size));
        }

        var rest = dimension & (ILanes<TLanes>.Count - 1);
        if (rest != 0)
        {
            var lanes = TLanes.Load(query + at);
            sumA = TSum.Step(sumA, lanes, TElement.LoadPart<TLanes>(a + at * size, rest));
            sumB = TSum.Step(sumB, lanes, TElement.LoadPart<TLanes>(b + at * size, rest));
            sumC = TSum.Step(sumC, lanes, TElement.LoadPart<TLanes>(c + at * size, rest));
            sumD = TSum.Step(sumD, lanes, TElement.LoadPart<TLanes>(d + at * size, rest));
        }

        keys[0] = TSum.Key(sumA, inverseLength);
        keys[1] = TSum.Key(sumB, inverseLength);
        keys[2] = TSum.Key(sumC, inverseLength);
        keys[3] = TSum.Key(sumD, inverseLength);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One(float* query, int dimension, float inverseLength, byte* row, float* key)
    {
        TSum sum = default;
        var size = TElement.Size;
        nint at = 0;
        for (nint whole = dimension & ~(ILanes<TLanes>.Count - 1); at < whole; at += ILanes<TLanes>.Count)
        {
            sum = TSum.Step(sum, TLanes.Load(query + at), TElement.Load<TLanes>(row + at * size));
        }

        var rest = dimension & (ILanes<TLanes>.Count - 1);
        if (rest != 0)
        {
            sum = TSum.Step(sum, TLanes.Load(query + at), TElement.LoadPart<TLanes>(row + at * size, rest));
        }

        *key = TSum.Key(sum, inverseLength);
    }
}
