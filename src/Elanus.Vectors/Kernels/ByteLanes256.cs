using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Elanus.Vectors;

internal readonly unsafe struct ByteLanes256(Vector256<short> low, Vector256<short> high) : IByteLanes<ByteLanes256, Vector256<int>>
{
    private readonly Vector256<short> low = low;
    private readonly Vector256<short> high = high;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes256 Load(sbyte* from) => new(Avx2.ConvertToVector256Int16(from), Avx2.ConvertToVector256Int16(from + 16));

    public static ByteLanes256 LoadPart(sbyte* from, int count)
    {
        var whole = stackalloc sbyte[ByteLanes.Count];
        new ReadOnlySpan<sbyte>(from, count).CopyTo(new Span<sbyte>(whole, ByteLanes.Count));
        return Load(whole);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes256 Subtract(ByteLanes256 left, ByteLanes256 right) =>
        new(Avx2.Subtract(left.low, right.low), Avx2.Subtract(left.high, right.high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(ByteLanes256 left, ByteLanes256 right, Vector256<int> sum) =>
        Avx2.Add(Avx2.Add(sum, Avx2.MultiplyAddAdjacent(left.low, right.low)), Avx2.MultiplyAddAdjacent(left.high, right.high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Totals(Vector256<int> a, Vector256<int> b, Vector256<int> c, Vector256<int> d) =>
        ByteLanes128.Totals(Half(a), Half(b), Half(c), Half(d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Half(Vector256<int> sum) => Sse2.Add(sum.GetLower(), sum.GetUpper());
}
