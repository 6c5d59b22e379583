using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>
/// Compares one query with rows of signed bytes, four rows at a time. All sums are integers and exact: at the largest dimension a squared
/// distance still fits 31 bits.
/// </summary>
internal static unsafe class ByteKernel<TLanes, TSum>
    where TLanes : struct, IByteLanes<TLanes, TSum>
    where TSum : struct
{
    public static RowKernel For(MetricType metric) => metric switch
    {
        MetricType.L2 => new(&Run<L2>, &Gather<L2>),
        MetricType.Ip => new(&Run<Ip>, &Gather<Ip>),
        MetricType.Cosine => new(&Run<CosineOf>, &Gather<CosineOf>),
        _ => throw new InvariantBrokenException($"no kernel compares bytes by {metric}"),
    };

    private interface IForm
    {
        static abstract bool NeedsLength { get; }

        static abstract TSum Step(TLanes query, TLanes row, TSum sum);

        /// <summary>The keys of four rows, by their sums and, where needed, squared lengths.</summary>
        static abstract Vector128<float> Keys(Vector128<float> sums, Vector128<float> squaredLengths, float queryInverseLength);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TForm>(in Probe query, byte* rows, int count, float* keys)
        where TForm : struct, IForm => Compare<TForm, RunAddresses>(query, new(rows, query.RowBytes), count, keys);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather<TForm>(in Probe query, byte* rows, int* numbers, int count, float* keys)
        where TForm : struct, IForm => Compare<TForm, GatheredAddresses>(query, new(rows, query.RowBytes, numbers), count, keys);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Compare<TForm, TAddresses>(in Probe query, TAddresses rows, int count, float* keys)
        where TForm : struct, IForm
        where TAddresses : struct, IRowAddresses
    {
        var values = (sbyte*)query.Values;
        nint whole = query.Dimension & ~(ByteLanes.Count - 1);
        var rest = query.Dimension & (ByteLanes.Count - 1);
        var last = count - 1;
        for (var i = 0; i < count; i += 4)
        {
            // Where fewer than four are left, the last row is compared again in the places left over.
            var a = (sbyte*)rows[i];
            var b = (sbyte*)rows[Math.Min(i + 1, last)];
            var c = (sbyte*)rows[Math.Min(i + 2, last)];
            var d = (sbyte*)rows[Math.Min(i + 3, last)];
            Sums<TForm> sums = default;
            for (nint at = 0; at < whole; at += ByteLanes.Count)
            {
                sums.Add(TLanes.Load(values + at), TLanes.Load(a + at), TLanes.Load(b + at), TLanes.Load(c + at), TLanes.Load(d + at));
            }

            if (rest != 0)
            {
                sums.Add(
                    TLanes.Load(values + whole),
                    TLanes.LoadPart(a + whole, rest),
                    TLanes.LoadPart(b + whole, rest),
                    TLanes.LoadPart(c + whole, rest),
                    TLanes.LoadPart(d + whole, rest));
            }

            var four = sums.Keys(query.InverseLength);
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

    /// <summary>What four rows gather.</summary>
    private struct Sums<TForm>
        where TForm : struct, IForm
    {
        private TSum a, b, c, d;
        private TSum lengthA, lengthB, lengthC, lengthD;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(TLanes query, TLanes rowA, TLanes rowB, TLanes rowC, TLanes rowD)
        {
            a = TForm.Step(query, rowA, a);
            b = TForm.Step(query, rowB, b);
            c = TForm.Step(query, rowC, c);
            d = TForm.Step(query, rowD, d);
            if (TForm.NeedsLength)
            {
                lengthA = TLanes.MultiplyAdd(rowA, rowA, lengthA);
                lengthB = TLanes.MultiplyAdd(rowB, rowB, lengthB);
                lengthC = TLanes.MultiplyAdd(rowC, rowC, lengthC);
                lengthD = TLanes.MultiplyAdd(rowD, rowD, lengthD);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Vector128<float> Keys(float queryInverseLength) => TForm.Keys(
            Vector128.ConvertToSingle(TLanes.Totals(a, b, c, d)),
            TForm.NeedsLength ? Vector128.ConvertToSingle(TLanes.Totals(lengthA, lengthB, lengthC, lengthD)) : default,
            queryInverseLength);
    }

    private readonly struct L2 : IForm
    {
        public static bool NeedsLength => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TSum Step(TLanes query, TLanes row, TSum sum)
        {
            var difference = TLanes.Subtract(query, row);
            return TLanes.MultiplyAdd(difference, difference, sum);
        }

        public static Vector128<float> Keys(Vector128<float> sums, Vector128<float> squaredLengths, float queryInverseLength) => sums;
    }

    private readonly struct Ip : IForm
    {
        public static bool NeedsLength => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TSum Step(TLanes query, TLanes row, TSum sum) => TLanes.MultiplyAdd(query, row, sum);

        public static Vector128<float> Keys(Vector128<float> sums, Vector128<float> squaredLengths, float queryInverseLength) =>
            Vector128<float>.Zero - sums;
    }

    private readonly struct CosineOf : IForm
    {
        public static bool NeedsLength => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TSum Step(TLanes query, TLanes row, TSum sum) => TLanes.MultiplyAdd(query, row, sum);

        public static Vector128<float> Keys(Vector128<float> sums, Vector128<float> squaredLengths, float queryInverseLength) =>
            Cosine.Keys(sums, queryInverseLength, squaredLengths);
    }
}
