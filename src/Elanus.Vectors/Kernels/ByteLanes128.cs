using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Elanus.Vectors;

/// <summary>The portable form, on vectors that the runtime lowers to whatever the processor has.</summary>
internal readonly unsafe struct ByteLanes128(Vector128<short> a, Vector128<short> b, Vector128<short> c, Vector128<short> d)
    : IByteLanes<ByteLanes128, Vector128<int>>
{
    private readonly Vector128<short> a = a;
    private readonly Vector128<short> b = b;
    private readonly Vector128<short> c = c;
    private readonly Vector128<short> d = d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes128 Load(sbyte* from)
    {
        var (a, b) = Vector128.Widen(Vector128.Load(from));
        var (c, d) = Vector128.Widen(Vector128.Load(from + 16));
        return new(a, b, c, d);
    }

    public static ByteLanes128 LoadPart(sbyte* from, int count)
    {
        var whole = stackalloc sbyte[ByteLanes.Count];
        new ReadOnlySpan<sbyte>(from, count).CopyTo(new Span<sbyte>(whole, ByteLanes.Count));
        return Load(whole);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes128 Subtract(ByteLanes128 left, ByteLanes128 right) =>
        new(left.a - right.a, left.b - right.b, left.c - right.c, left.d - right.d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplyAdd(ByteLanes128 left, ByteLanes128 right, Vector128<int> sum) =>
        sum + Products(left.a, right.a) + Products(left.b, right.b) + Products(left.c, right.c) + Products(left.d, right.d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Totals(Vector128<int> a, Vector128<int> b, Vector128<int> c, Vector128<int> d) => Ssse3.IsSupported
        ? Ssse3.HorizontalAdd(Ssse3.HorizontalAdd(a, b), Ssse3.HorizontalAdd(c, d))
        : Vector128.Create(Vector128.Sum(a), Vector128.Sum(b), Vector128.Sum(c), Vector128.Sum(d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Products(Vector128<short> left, Vector128<short> right)
    {
        var (leftLow, leftHigh) = Vector128.Widen(left);
        var (rightLow, rightHigh) = Vector128.Widen(right);
        return leftLow * rightLow + leftHigh * rightHigh;
    }
}
