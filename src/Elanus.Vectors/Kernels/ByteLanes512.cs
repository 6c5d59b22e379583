using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Elanus.Vectors;

internal readonly unsafe struct ByteLanes512(Vector512<short> lanes) : IByteLanes<ByteLanes512, Vector512<int>>
{
    private readonly Vector512<short> lanes = lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes512 Load(sbyte* from) => new(Avx512BW.ConvertToVector512Int16(Avx.LoadVector256(from)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes512 LoadPart(sbyte* from, int count)
    {
        var mask = Vector256.GreaterThan(Vector256.Create((sbyte)count), Vector256<sbyte>.Indices);
        return new(Avx512BW.ConvertToVector512Int16(Avx512BW.VL.MaskLoad(from, mask, Vector256<sbyte>.Zero)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes512 Subtract(ByteLanes512 left, ByteLanes512 right) => new(Avx512BW.Subtract(left.lanes, right.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAdd(ByteLanes512 left, ByteLanes512 right, Vector512<int> sum) =>
        Avx512F.Add(sum, Avx512BW.MultiplyAddAdjacent(left.lanes, right.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Totals(Vector512<int> a, Vector512<int> b, Vector512<int> c, Vector512<int> d) =>
        ByteLanes128.Totals(Quarter(a), Quarter(b), Quarter(c), Quarter(d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Quarter(Vector512<int> sum) => ByteLanes256.Half(Avx2.Add(sum.GetLower(), sum.GetUpper()));
}
