using System.Runtime.CompilerServices;

namespace Elanus.Vectors;

/// <summary>Where the i-th row of a kernel call lies.</summary>
internal unsafe interface IRowAddresses
{
    byte* this[int index] { get; }

    /// <summary>Asks for a row that will be read soon, where the processor cannot foresee it.</summary>
    void Prefetch(int index, int count);
}

internal readonly unsafe struct RunAddresses(byte* rows, nint rowBytes) : IRowAddresses
{
    public byte* this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => rows + index * rowBytes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int index, int count)
    {
    }
}

internal readonly unsafe struct GatheredAddresses(byte* rows, nint rowBytes, int* numbers) : IRowAddresses
{
    private const int Ahead = 8;
    private const int LinesMax = 8;

    public byte* this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => rows + numbers[index] * rowBytes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int index, int count)
    {
        if (index + Ahead < count)
        {
            CacheLines.Prefetch(this[index + Ahead], Math.Min(rowBytes, LinesMax * CacheLines.Bytes));
        }
    }
}
