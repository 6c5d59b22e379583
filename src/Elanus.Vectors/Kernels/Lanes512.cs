using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Elanus.Vectors;

/// <summary>
/// Sixteen lanes as one AVX-512 register. Only Avx512F's own methods are used: on some processors the runtime calls 512-bit vectors not
/// accelerated and lowers the portable operations to halves.
/// </summary>
internal readonly unsafe struct Lanes512(Vector512<float> lanes) : ILanes<Lanes512>
{
    private readonly Vector512<float> lanes = lanes;

    public static bool IsSupported => Avx512BW.VL.IsSupported && Avx512DQ.IsSupported;

    public static Lanes512 Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* from) => new(Avx512F.LoadVector512(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadPart(float* from, int count)
    {
        var indices = Vector512.Create(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        var mask = Avx512F.CompareGreaterThan(Vector512.Create(count), indices);
        return new(Avx512F.MaskLoad(from, mask.AsSingle(), Vector512<float>.Zero));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadHalf(ushort* from) => Half(Avx.LoadVector256(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadHalfPart(ushort* from, int count) => Half(Part(from, count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadBFloat(ushort* from) => BFloat(Avx.LoadVector256(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadBFloatPart(ushort* from, int count) => BFloat(Part(from, count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Subtract(Lanes512 left, Lanes512 right) => new(Avx512F.Subtract(left.lanes, right.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 left, Lanes512 right, Lanes512 sum) =>
        new(Avx512F.FusedMultiplyAdd(left.lanes, right.lanes, sum.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sums(Lanes512 a, Lanes512 b, Lanes512 c, Lanes512 d) =>
        Lanes128.Sums(Quarter(a), Quarter(b), Quarter(c), Quarter(d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Quarter(Lanes512 lanes)
    {
        var eight = Avx.Add(lanes.lanes.GetLower(), lanes.lanes.GetUpper());
        return Sse.Add(eight.GetLower(), eight.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Part(ushort* from, int count)
    {
        var mask = Vector256.GreaterThan(Vector256.Create((short)count), Vector256<short>.Indices);
        return Avx512BW.VL.MaskLoad(from, mask.AsUInt16(), Vector256<ushort>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes512 Half(Vector256<ushort> halves)
    {
        var bits = Avx512F.ConvertToVector512UInt32(halves);
        var magnitude = Avx512F.Multiply(
            Avx512F.ShiftLeftLogical(Avx512F.And(bits, Vector512.Create(0x7fffu)), 13).AsSingle(),
            Vector512.Create(HalfFormat.Rebias));
        var sign = Avx512F.ShiftLeftLogical(Avx512F.And(bits, Vector512.Create(0x8000u)), 16);
        return new(Avx512F.Or(magnitude.AsUInt32(), sign).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes512 BFloat(Vector256<ushort> words) =>
        new(Avx512F.ShiftLeftLogical(Avx512F.ConvertToVector512UInt32(words), 16).AsSingle());
}
