using System.Numerics;
using System.Runtime.CompilerServices;
using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>Compares one query with rows of bits, a 64-bit word at a time. Keys of rows that a structure metric does not match are infinity.</summary>
internal static unsafe class BinaryKernel
{
    public static RowKernel For(MetricType metric) => metric switch
    {
        MetricType.Hamming => new(&Run<Hamming>, &Gather<Hamming>),
        MetricType.Jaccard => new(&Run<Jaccard>, &Gather<Jaccard>),
        MetricType.Substructure => new(&Run<Substructure>, &Gather<Substructure>),
        MetricType.Superstructure => new(&Run<Superstructure>, &Gather<Superstructure>),
        _ => throw new InvariantBrokenException($"no kernel compares bits by {metric}"),
    };

    /// <summary>What one row's comparison gathers; a default value is an empty one.</summary>
    private interface IForm<TSelf>
        where TSelf : struct, IForm<TSelf>
    {
        static abstract TSelf Step(TSelf sum, ulong query, ulong row);

        static abstract float Key(TSelf sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TForm>(in Probe query, byte* rows, int count, float* keys)
        where TForm : struct, IForm<TForm> => Compare<TForm, RunAddresses>(query, new(rows, query.RowBytes), count, keys);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather<TForm>(in Probe query, byte* rows, int* numbers, int count, float* keys)
        where TForm : struct, IForm<TForm> => Compare<TForm, GatheredAddresses>(query, new(rows, query.RowBytes, numbers), count, keys);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Compare<TForm, TAddresses>(in Probe query, TAddresses rows, int count, float* keys)
        where TForm : struct, IForm<TForm>
        where TAddresses : struct, IRowAddresses
    {
        var bytes = query.RowBytes;
        var whole = bytes & ~(nint)(sizeof(ulong) - 1);
        for (var i = 0; i < count; i++)
        {
            var row = rows[i];
            TForm sum = default;
            for (nint at = 0; at < whole; at += sizeof(ulong))
            {
                sum = TForm.Step(sum, Unsafe.ReadUnaligned<ulong>(query.Values + at), Unsafe.ReadUnaligned<ulong>(row + at));
            }

            if (whole < bytes)
            {
                ulong rest = 0;
                for (var at = bytes - 1; at >= whole; at--)
                {
                    rest = rest << 8 | row[at];
                }

                sum = TForm.Step(sum, Unsafe.ReadUnaligned<ulong>(query.Values + whole), rest);
            }

            keys[i] = TForm.Key(sum);
        }
    }

    private readonly struct Hamming(int different) : IForm<Hamming>
    {
        private readonly int different = different;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Hamming Step(Hamming sum, ulong query, ulong row) => new(sum.different + BitOperations.PopCount(query ^ row));

        public static float Key(Hamming sum) => sum.different;
    }

    private readonly struct Jaccard(int both, int either) : IForm<Jaccard>
    {
        private readonly int both = both;
        private readonly int either = either;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Jaccard Step(Jaccard sum, ulong query, ulong row) =>
            new(sum.both + BitOperations.PopCount(query & row), sum.either + BitOperations.PopCount(query | row));

        public static float Key(Jaccard sum) => sum.either == 0 ? 1f : (float)(sum.either - sum.both) / sum.either;
    }

    private readonly struct Substructure(ulong missing) : IForm<Substructure>
    {
        private readonly ulong missing = missing;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Substructure Step(Substructure sum, ulong query, ulong row) => new(sum.missing | query & ~row);

        public static float Key(Substructure sum) => sum.missing == 0 ? 0f : float.PositiveInfinity;
    }

    private readonly struct Superstructure(ulong missing) : IForm<Superstructure>
    {
        private readonly ulong missing = missing;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Superstructure Step(Superstructure sum, ulong query, ulong row) => new(sum.missing | row & ~query);

        public static float Key(Superstructure sum) => sum.missing == 0 ? 0f : float.PositiveInfinity;
    }
}
