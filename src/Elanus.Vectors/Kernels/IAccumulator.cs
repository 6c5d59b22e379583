using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Elanus.Vectors;

/// <summary>What one row's comparison with the query gathers, and the keys that four of them end as. A default value is an empty one.</summary>
internal interface IAccumulator<TSelf, TLanes>
    where TSelf : struct, IAccumulator<TSelf, TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    static abstract TSelf Step(TSelf sum, TLanes query, TLanes row);

    static abstract Vector128<float> Keys(TSelf a, TSelf b, TSelf c, TSelf d, float queryInverseLength);
}

internal readonly struct L2Accumulator<TLanes>(TLanes sum) : IAccumulator<L2Accumulator<TLanes>, TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private readonly TLanes sum = sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L2Accumulator<TLanes> Step(L2Accumulator<TLanes> sum, TLanes query, TLanes row)
    {
        var difference = TLanes.Subtract(query, row);
        return new(TLanes.MultiplyAdd(difference, difference, sum.sum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Keys(
        L2Accumulator<TLanes> a, L2Accumulator<TLanes> b, L2Accumulator<TLanes> c, L2Accumulator<TLanes> d, float queryInverseLength) =>
        TLanes.Sums(a.sum, b.sum, c.sum, d.sum);
}

internal readonly struct IpAccumulator<TLanes>(TLanes sum) : IAccumulator<IpAccumulator<TLanes>, TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private readonly TLanes sum = sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IpAccumulator<TLanes> Step(IpAccumulator<TLanes> sum, TLanes query, TLanes row) =>
        new(TLanes.MultiplyAdd(query, row, sum.sum));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Keys(
        IpAccumulator<TLanes> a, IpAccumulator<TLanes> b, IpAccumulator<TLanes> c, IpAccumulator<TLanes> d, float queryInverseLength) =>
        Vector128<float>.Zero - TLanes.Sums(a.sum, b.sum, c.sum, d.sum);
}

internal readonly struct CosineAccumulator<TLanes>(TLanes product, TLanes length) : IAccumulator<CosineAccumulator<TLanes>, TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private readonly TLanes product = product;
    private readonly TLanes length = length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CosineAccumulator<TLanes> Step(CosineAccumulator<TLanes> sum, TLanes query, TLanes row) =>
        new(TLanes.MultiplyAdd(query, row, sum.product), TLanes.MultiplyAdd(row, row, sum.length));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Keys(
        CosineAccumulator<TLanes> a, CosineAccumulator<TLanes> b, CosineAccumulator<TLanes> c, CosineAccumulator<TLanes> d, float queryInverseLength) =>
        Cosine.Keys(
            TLanes.Sums(a.product, b.product, c.product, d.product),
            queryInverseLength,
            TLanes.Sums(a.length, b.length, c.length, d.length));
}
