using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Elanus.Expressions;

/// <summary>One comparison, on a vector of values and on a single one.</summary>
internal interface ICompare
{
    static abstract Vector256<T> Vector<T>(Vector256<T> left, Vector256<T> right);

    static abstract bool Scalar<T>(T left, T right)
        where T : struct, INumber<T>;
}

/// <summary>Compares fixed-width values 64 at a time into words of bits. Values past the last are bits of zero.</summary>
internal static class CompareKernels
{
    public static void WithConstant<T>(CompareOperator @operator, ReadOnlySpan<T> values, T constant, Span<ulong> into)
        where T : unmanaged, INumber<T>
    {
        switch (@operator)
        {
            case CompareOperator.Equal: WithConstant<T, Equal>(values, constant, into); break;
            case CompareOperator.NotEqual: WithConstant<T, NotEqual>(values, constant, into); break;
            case CompareOperator.Less: WithConstant<T, Less>(values, constant, into); break;
            case CompareOperator.LessOrEqual: WithConstant<T, LessOrEqual>(values, constant, into); break;
            case CompareOperator.Greater: WithConstant<T, Greater>(values, constant, into); break;
            default: WithConstant<T, GreaterOrEqual>(values, constant, into); break;
        }
    }

    public static void Pairs<T>(CompareOperator @operator, ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<ulong> into)
        where T : unmanaged, INumber<T>
    {
        switch (@operator)
        {
            case CompareOperator.Equal: Pairs<T, Equal>(left, right, into); break;
            case CompareOperator.NotEqual: Pairs<T, NotEqual>(left, right, into); break;
            case CompareOperator.Less: Pairs<T, Less>(left, right, into); break;
            case CompareOperator.LessOrEqual: Pairs<T, LessOrEqual>(left, right, into); break;
            case CompareOperator.Greater: Pairs<T, Greater>(left, right, into); break;
            default: Pairs<T, GreaterOrEqual>(left, right, into); break;
        }
    }

    /// <summary>Bits of the values that equal one of a few constants.</summary>
    public static void InFew<T>(ReadOnlySpan<T> values, ReadOnlySpan<T> constants, Span<ulong> into)
        where T : unmanaged, INumber<T>
    {
        ref var first = ref MemoryMarshal.GetReference(values);
        var full = values.Length / 64;
        for (var word = 0; word < full; word++)
        {
            ulong bits = 0;
            for (var lane = 0; lane < 64; lane += Vector256<T>.Count)
            {
                var vector = Vector256.LoadUnsafe(ref first, (nuint)(word * 64 + lane));
                var found = Vector256<T>.Zero;
                foreach (var constant in constants)
                {
                    found |= Vector256.Equals(vector, Vector256.Create(constant));
                }

                bits |= (ulong)found.ExtractMostSignificantBits() << lane;
            }

            into[word] = bits;
        }

        if (full < into.Length)
        {
            ulong bits = 0;
            for (var row = full * 64; row < values.Length; row++)
            {
                bits |= constants.Contains(values[row]) ? 1UL << row : 0;
            }

            into[full] = bits;
        }
    }

    private static void WithConstant<T, TCompare>(ReadOnlySpan<T> values, T constant, Span<ulong> into)
        where T : unmanaged, INumber<T>
        where TCompare : struct, ICompare
    {
        ref var first = ref MemoryMarshal.GetReference(values);
        var spread = Vector256.Create(constant);
        var full = values.Length / 64;
        for (var word = 0; word < full; word++)
        {
            ulong bits = 0;
            for (var lane = 0; lane < 64; lane += Vector256<T>.Count)
            {
                bits |= (ulong)TCompare.Vector(Vector256.LoadUnsafe(ref first, (nuint)(word * 64 + lane)), spread).ExtractMostSignificantBits() << lane;
            }

            into[word] = bits;
        }

        if (full < into.Length)
        {
            ulong bits = 0;
            for (var row = full * 64; row < values.Length; row++)
            {
                bits |= TCompare.Scalar(values[row], constant) ? 1UL << row : 0;
            }

            into[full] = bits;
        }
    }

    private static void Pairs<T, TCompare>(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<ulong> into)
        where T : unmanaged, INumber<T>
        where TCompare : struct, ICompare
    {
        ref var firstLeft = ref MemoryMarshal.GetReference(left);
        ref var firstRight = ref MemoryMarshal.GetReference(right);
        var full = left.Length / 64;
        for (var word = 0; word < full; word++)
        {
            ulong bits = 0;
            for (var lane = 0; lane < 64; lane += Vector256<T>.Count)
            {
                var at = (nuint)(word * 64 + lane);
                bits |= (ulong)TCompare.Vector(Vector256.LoadUnsafe(ref firstLeft, at), Vector256.LoadUnsafe(ref firstRight, at)).ExtractMostSignificantBits() << lane;
            }

            into[word] = bits;
        }

        if (full < into.Length)
        {
            ulong bits = 0;
            for (var row = full * 64; row < left.Length; row++)
            {
                bits |= TCompare.Scalar(left[row], right[row]) ? 1UL << row : 0;
            }

            into[full] = bits;
        }
    }

    private readonly struct Equal : ICompare
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Vector<T>(Vector256<T> left, Vector256<T> right) => Vector256.Equals(left, right);

        public static bool Scalar<T>(T left, T right)
            where T : struct, INumber<T> => left == right;
    }

    private readonly struct NotEqual : ICompare
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Vector<T>(Vector256<T> left, Vector256<T> right) => ~Vector256.Equals(left, right);

        public static bool Scalar<T>(T left, T right)
            where T : struct, INumber<T> => left != right;
    }

    private readonly struct Less : ICompare
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Vector<T>(Vector256<T> left, Vector256<T> right) => Vector256.LessThan(left, right);

        public static bool Scalar<T>(T left, T right)
            where T : struct, INumber<T> => left < right;
    }

    private readonly struct LessOrEqual : ICompare
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Vector<T>(Vector256<T> left, Vector256<T> right) => Vector256.LessThanOrEqual(left, right);

        public static bool Scalar<T>(T left, T right)
            where T : struct, INumber<T> => left <= right;
    }

    private readonly struct Greater : ICompare
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Vector<T>(Vector256<T> left, Vector256<T> right) => Vector256.GreaterThan(left, right);

        public static bool Scalar<T>(T left, T right)
            where T : struct, INumber<T> => left > right;
    }

    private readonly struct GreaterOrEqual : ICompare
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Vector<T>(Vector256<T> left, Vector256<T> right) => Vector256.GreaterThanOrEqual(left, right);

        public static bool Scalar<T>(T left, T right)
            where T : struct, INumber<T> => left >= right;
    }
}
