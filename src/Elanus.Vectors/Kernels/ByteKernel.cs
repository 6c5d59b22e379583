using System.Runtime.CompilerServices;
using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>
/// Compares one query with rows of signed bytes, two rows at a time. All sums are integers and exact: at the largest dimension a squared
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
        static abstract TSum Step(TLanes query, TLanes row, TSum sum);

        static abstract bool NeedsLength { get; }

        static abstract float Key(int sum, int squaredLength, float queryInverseLength);
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
        var part = stackalloc sbyte[ByteLanes.Count];
        for (var i = 0; i < count; i += 2)
        {
            rows.Prefetch(i, count);
            rows.Prefetch(i + 1, count);
            var a = (sbyte*)rows[i];

            // An odd last row is compared twice and its key written once.
            var b = (sbyte*)rows[Math.Min(i + 1, count - 1)];
            TSum sumA = default, sumB = default, lengthA = default, lengthB = default;
            for (nint at = 0; at < whole; at += ByteLanes.Count)
            {
                var lanes = TLanes.Load(values + at);
                var lanesA = TLanes.Load(a + at);
                var lanesB = TLanes.Load(b + at);
                sumA = TForm.Step(lanes, lanesA, sumA);
                sumB = TForm.Step(lanes, lanesB, sumB);
                if (TForm.NeedsLength)
                {
                    lengthA = TLanes.MultiplyAdd(lanesA, lanesA, lengthA);
                    lengthB = TLanes.MultiplyAdd(lanesB, lanesB, lengthB);
                }
            }

            if (rest != 0)
            {
                var lanes = TLanes.Load(values + whole);
                var lanesA = LoadPart(a + whole, rest, part);
                var lanesB = LoadPart(b + whole, rest, part);
                sumA = TForm.Step(lanes, lanesA, sumA);
                sumB = TForm.Step(lanes, lanesB, sumB);
                if (TForm.NeedsLength)
                {
                    lengthA = TLanes.MultiplyAdd(lanesA, lanesA, lengthA);
                    lengthB = TLanes.MultiplyAdd(lanesB, lanesB, lengthB);
                }
            }

            keys[i] = TForm.Key(TLanes.Total(sumA), TForm.NeedsLength ? TLanes.Total(lengthA) : 0, query.InverseLength);
            if (i + 1 < count)
            {
                keys[i + 1] = TForm.Key(TLanes.Total(sumB), TForm.NeedsLength ? TLanes.Total(lengthB) : 0, query.InverseLength);
            }
        }
    }

    private static TLanes LoadPart(sbyte* from, int count, sbyte* whole)
    {
        var target = new Span<sbyte>(whole, ByteLanes.Count);
        new ReadOnlySpan<sbyte>(from, count).CopyTo(target);
        target[count..].Clear();
        return TLanes.Load(whole);
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

        public static float Key(int sum, int squaredLength, float queryInverseLength) => sum;
    }

    private readonly struct Ip : IForm
    {
        public static bool NeedsLength => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TSum Step(TLanes query, TLanes row, TSum sum) => TLanes.MultiplyAdd(query, row, sum);

        public static float Key(int sum, int squaredLength, float queryInverseLength) => 0f - sum;
    }

    private readonly struct CosineOf : IForm
    {
        public static bool NeedsLength => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TSum Step(TLanes query, TLanes row, TSum sum) => TLanes.MultiplyAdd(query, row, sum);

        public static float Key(int sum, int squaredLength, float queryInverseLength) =>
            Cosine.Key(sum, queryInverseLength, squaredLength);
    }
}
