using System.Runtime.CompilerServices;

namespace Elanus.Vectors;

/// <summary>Where the i-th row of a kernel call lies.</summary>
internal unsafe interface IRowAddresses
{
    byte* this[int index] { get; }
}

internal readonly unsafe struct RunAddresses(byte* rows, nint rowBytes) : IRowAddresses
{
    public byte* this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => rows + index * rowBytes;
    }
}

internal readonly unsafe struct GatheredAddresses(byte* rows, nint rowBytes, int* numbers) : IRowAddresses
{
    public byte* this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => rows + numbers[index] * rowBytes;
    }
}
