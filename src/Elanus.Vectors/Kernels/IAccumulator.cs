using System.Runtime.CompilerServices;

namespace Elanus.Vectors;

/// <summary>What one row's comparison with the query gathers, and the key it ends as. A default value is an empty one.</summary>
internal interface IAccumulator<TSelf, TLanes>
    where TSelf : struct, IAccumulator<TSelf, TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    static abstract TSelf Step(TSelf sum, TLanes query, TLanes row);

    static abstract float Key(TSelf sum, float queryInverseLength);
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
    public static float Key(L2Accumulator<TLanes> sum, float queryInverseLength) => TLanes.Sum(sum.sum);
}

internal readonly struct IpAccumulator<TLanes>(TLanes sum) : IAccumulator<IpAccumulator<TLanes>, TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private readonly TLanes sum = sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IpAccumulator<TLanes> Step(IpAccumulator<TLanes> sum, TLanes query, TLanes row) =>
        new(TLanes.MultiplyAdd(query, row, sum.sum));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Key(IpAccumulator<TLanes> sum, float queryInverseLength) => 0f - TLanes.Sum(sum.sum);
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
    public static float Key(CosineAccumulator<TLanes> sum, float queryInverseLength) =>
        Cosine.Key(TLanes.Sum(sum.product), queryInverseLength, Cosine.InverseLength(TLanes.Sum(sum.length)));
}
