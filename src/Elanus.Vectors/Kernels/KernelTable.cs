using System.Runtime.Intrinsics;
using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>Chooses the kernel of a space: by type, metric and the best instruction set that this processor has.</summary>
internal static class KernelTable
{
    public static readonly InstructionSet Best = Lanes512.IsSupported ? InstructionSet.Avx512
        : Lanes256.IsSupported ? InstructionSet.Avx2
        : InstructionSet.Portable;

    public static RowKernel For(VectorSpace space) => For(space, Best);

    public static RowKernel For(VectorSpace space, InstructionSet set) => space.Type switch
    {
        DataType.FloatVector => ForElement<SingleElement>(space.Metric, set),
        DataType.Float16Vector => ForElement<HalfElement>(space.Metric, set),
        DataType.BFloat16Vector => ForElement<BFloatElement>(space.Metric, set),
        DataType.Int8Vector => set switch
        {
            InstructionSet.Avx512 => ByteKernel<ByteLanes512, Vector512<int>>.For(space.Metric),
            InstructionSet.Avx2 => ByteKernel<ByteLanes256, Vector256<int>>.For(space.Metric),
            _ => ByteKernel<ByteLanes128, Vector128<int>>.For(space.Metric),
        },
        DataType.BinaryVector => BinaryKernel.For(space.Metric),
        _ => throw new InvariantBrokenException($"no kernel compares {space.Type}"),
    };

    private static RowKernel ForElement<TElement>(MetricType metric, InstructionSet set)
        where TElement : struct, IElement => set switch
        {
            InstructionSet.Avx512 => ForLanes<Lanes512, TElement>(metric),
            InstructionSet.Avx2 => ForLanes<Lanes256, TElement>(metric),
            _ => ForLanes<Lanes128, TElement>(metric),
        };

    private static RowKernel ForLanes<TLanes, TElement>(MetricType metric)
        where TLanes : struct, ILanes<TLanes>
        where TElement : struct, IElement => metric switch
        {
            MetricType.L2 => FloatKernel<TLanes, TElement, L2Accumulator<TLanes>>.Kernel,
            MetricType.Ip => FloatKernel<TLanes, TElement, IpAccumulator<TLanes>>.Kernel,
            MetricType.Cosine => FloatKernel<TLanes, TElement, CosineAccumulator<TLanes>>.Kernel,
            _ => throw new InvariantBrokenException($"no kernel compares floats by {metric}"),
        };
}
