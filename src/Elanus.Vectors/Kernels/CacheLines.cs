using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Elanus.Vectors;

/// <summary>Hints to the memory system; without effect where the processor has none.</summary>
internal static unsafe class CacheLines
{
    public const int Bytes = 64;

    /// <summary>What is asked for of a long row; the processor foresees the rest.</summary>
    private const int RowBytesMax = 8 * Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PrefetchRow(byte* row, nint bytes) => Prefetch(row, Math.Min(bytes, RowBytesMax));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* from, nint bytes)
    {
        if (Sse.IsSupported)
        {
            for (nint at = 0; at < bytes; at += Bytes)
            {
                Sse.Prefetch0(from + at);
            }
        }
    }
}
