using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
        var last = count - 1;
        for (var i = 0; i < count; i += 4)
        {
            // Where fewer than four are left, the last row is compared again in the places left over.
            var four = Four(
                values, dimension, inverseLength, rows[i], rows[Math.Min(i + 1, last)], rows[Math.Min(i + 2, last)], rows[Math.Min(i + 3, last)]);
            if (i + 4 <= count)
            {
                four.Store(keys + i);
            }
            else
            {
                for (var at = i; at < count; at++)
                {
                    keys[at] = four.GetElement(at - i);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Four(float* query, int dimension, float inverseLength, byte* a, byte* b, byte* c, byte* d)
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

        return TSum.Keys(sumA, sumB, sumC, sumD, inverseLength);
    }
}
