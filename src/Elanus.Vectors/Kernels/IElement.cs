using System.Runtime.CompilerServices;

namespace Elanus.Vectors;

/// <summary>The format of a row's elements, widened to float lanes as they are read.</summary>
internal unsafe interface IElement
{
    /// <summary>Bytes of one element.</summary>
    static abstract int Size { get; }

    static abstract TLanes Load<TLanes>(byte* from)
        where TLanes : struct, ILanes<TLanes>;

    /// <summary>Fewer than sixteen elements, the other lanes zero; reads no byte past them.</summary>
    static abstract TLanes LoadPart<TLanes>(byte* from, int count)
        where TLanes : struct, ILanes<TLanes>;
}

internal readonly unsafe struct SingleElement : IElement
{
    public static int Size => sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(byte* from)
        where TLanes : struct, ILanes<TLanes> => TLanes.Load((float*)from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes LoadPart<TLanes>(byte* from, int count)
        where TLanes : struct, ILanes<TLanes> => TLanes.LoadPart((float*)from, count);
}

internal readonly unsafe struct HalfElement : IElement
{
    public static int Size => sizeof(ushort);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(byte* from)
        where TLanes : struct, ILanes<TLanes> => TLanes.LoadHalf((ushort*)from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes LoadPart<TLanes>(byte* from, int count)
        where TLanes : struct, ILanes<TLanes> => TLanes.LoadHalfPart((ushort*)from, count);
}

internal readonly unsafe struct BFloatElement : IElement
{
    public static int Size => sizeof(ushort);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(byte* from)
        where TLanes : struct, ILanes<TLanes> => TLanes.LoadBFloat((ushort*)from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes LoadPart<TLanes>(byte* from, int count)
        where TLanes : struct, ILanes<TLanes> => TLanes.LoadBFloatPart((ushort*)from, count);
}
