using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Elanus.Vectors;

/// <summary>Sixteen lanes as four vectors of the portable 128-bit type; the runtime lowers it to whatever the processor has, or to scalars.</summary>
internal readonly unsafe struct Lanes128(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d) : ILanes<Lanes128>
{
    private readonly Vector128<float> a = a;
    private readonly Vector128<float> b = b;
    private readonly Vector128<float> c = c;
    private readonly Vector128<float> d = d;

    public static Lanes128 Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* from) =>
        new(Vector128.Load(from), Vector128.Load(from + 4), Vector128.Load(from + 8), Vector128.Load(from + 12));

    public static Lanes128 LoadPart(float* from, int count)
    {
        var whole = stackalloc float[16];
        new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(whole, 16));
        return Load(whole);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadHalf(ushort* from)
    {
        var (a, b) = Vector128.Widen(Vector128.Load(from));
        var (c, d) = Vector128.Widen(Vector128.Load(from + 8));
        return new(Half(a), Half(b), Half(c), Half(d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadBFloat(ushort* from)
    {
        var (a, b) = Vector128.Widen(Vector128.Load(from));
        var (c, d) = Vector128.Widen(Vector128.Load(from + 8));
        return new((a << 16).AsSingle(), (b << 16).AsSingle(), (c << 16).AsSingle(), (d << 16).AsSingle());
    }

    public static Lanes128 LoadHalfPart(ushort* from, int count)
    {
        var whole = stackalloc ushort[16];
        new ReadOnlySpan<ushort>(from, count).CopyTo(new Span<ushort>(whole, 16));
        return LoadHalf(whole);
    }

    public static Lanes128 LoadBFloatPart(ushort* from, int count)
    {
        var whole = stackalloc ushort[16];
        new ReadOnlySpan<ushort>(from, count).CopyTo(new Span<ushort>(whole, 16));
        return LoadBFloat(whole);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Subtract(Lanes128 left, Lanes128 right) =>
        new(left.a - right.a, left.b - right.b, left.c - right.c, left.d - right.d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 MultiplyAdd(Lanes128 left, Lanes128 right, Lanes128 sum) => new(
        Vector128.FusedMultiplyAdd(left.a, right.a, sum.a),
        Vector128.FusedMultiplyAdd(left.b, right.b, sum.b),
        Vector128.FusedMultiplyAdd(left.c, right.c, sum.c),
        Vector128.FusedMultiplyAdd(left.d, right.d, sum.d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sums(Lanes128 a, Lanes128 b, Lanes128 c, Lanes128 d) =>
        Sums(Quarter(a), Quarter(b), Quarter(c), Quarter(d));

    /// <summary>The last two steps of four trees at once, by transposing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sums(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d)
    {
        var ab = Pairs(a, b);
        var cd = Pairs(c, d);
        return Evens(ab, cd) + Odds(ab, cd) + Vector128<float>.Zero;
    }

    /// <summary>x0 + x2, x1 + x3, y0 + y2, y1 + y3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Pairs(Vector128<float> x, Vector128<float> y) => Sse.IsSupported
        ? Sse.Add(Sse.MoveLowToHigh(x, y), Sse.MoveHighToLow(y, x))
        : Vector128.Create(
            x.GetElement(0) + x.GetElement(2), x.GetElement(1) + x.GetElement(3), y.GetElement(0) + y.GetElement(2), y.GetElement(1) + y.GetElement(3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Evens(Vector128<float> x, Vector128<float> y) => Sse.IsSupported
        ? Sse.Shuffle(x, y, 0b10_00_10_00)
        : Vector128.Create(x.GetElement(0), x.GetElement(2), y.GetElement(0), y.GetElement(2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Odds(Vector128<float> x, Vector128<float> y) => Sse.IsSupported
        ? Sse.Shuffle(x, y, 0b11_01_11_01)
        : Vector128.Create(x.GetElement(1), x.GetElement(3), y.GetElement(1), y.GetElement(3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Quarter(Lanes128 lanes) => lanes.a + lanes.c + (lanes.b + lanes.d);

    private static Vector128<float> Half(Vector128<uint> bits)
    {
        // Exponent and fraction moved into place make the number divided by 2^112, subnormals included; the product is exact.
        var magnitude = ((bits & Vector128.Create(0x7fffu)) << 13).AsSingle() * Vector128.Create(HalfFormat.Rebias);
        return (magnitude.AsUInt32() | ((bits & Vector128.Create(0x8000u)) << 16)).AsSingle();
    }
}
