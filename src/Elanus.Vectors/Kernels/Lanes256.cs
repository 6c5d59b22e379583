using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Elanus.Vectors;

/// <summary>Sixteen lanes as two AVX2 registers.</summary>
internal readonly unsafe struct Lanes256(Vector256<float> low, Vector256<float> high) : ILanes<Lanes256>
{
    private readonly Vector256<float> low = low;
    private readonly Vector256<float> high = high;

    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    public static Lanes256 Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* from) => new(Avx.LoadVector256(from), Avx.LoadVector256(from + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadPart(float* from, int count)
    {
        var wanted = Vector256.Create(count);
        return new(
            Avx.MaskLoad(from, Avx2.CompareGreaterThan(wanted, Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7)).AsSingle()),
            Avx.MaskLoad(from + 8, Avx2.CompareGreaterThan(wanted, Vector256.Create(8, 9, 10, 11, 12, 13, 14, 15)).AsSingle()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadHalf(ushort* from) =>
        new(Half(Avx2.ConvertToVector256Int32(from)), Half(Avx2.ConvertToVector256Int32(from + 8)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadBFloat(ushort* from) => new(
        Avx2.ShiftLeftLogical(Avx2.ConvertToVector256Int32(from), 16).AsSingle(),
        Avx2.ShiftLeftLogical(Avx2.ConvertToVector256Int32(from + 8), 16).AsSingle());

    public static Lanes256 LoadHalfPart(ushort* from, int count)
    {
        var whole = stackalloc ushort[16];
        new ReadOnlySpan<ushort>(from, count).CopyTo(new Span<ushort>(whole, 16));
        return LoadHalf(whole);
    }

    public static Lanes256 LoadBFloatPart(ushort* from, int count)
    {
        var whole = stackalloc ushort[16];
        new ReadOnlySpan<ushort>(from, count).CopyTo(new Span<ushort>(whole, 16));
        return LoadBFloat(whole);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Subtract(Lanes256 left, Lanes256 right) =>
        new(Avx.Subtract(left.low, right.low), Avx.Subtract(left.high, right.high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 left, Lanes256 right, Lanes256 sum) =>
        new(Fma.MultiplyAdd(left.low, right.low, sum.low), Fma.MultiplyAdd(left.high, right.high, sum.high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sums(Lanes256 a, Lanes256 b, Lanes256 c, Lanes256 d) =>
        Lanes128.Sums(Quarter(a), Quarter(b), Quarter(c), Quarter(d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Quarter(Lanes256 lanes)
    {
        var eight = Avx.Add(lanes.low, lanes.high);
        return Sse.Add(eight.GetLower(), eight.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Half(Vector256<int> bits)
    {
        var magnitude = Avx.Multiply(
            Avx2.ShiftLeftLogical(Avx2.And(bits, Vector256.Create(0x7fff)), 13).AsSingle(),
            Vector256.Create(HalfFormat.Rebias));
        return Avx2.Or(magnitude.AsInt32(), Avx2.ShiftLeftLogical(Avx2.And(bits, Vector256.Create(0x8000)), 16)).AsSingle();
    }
}
