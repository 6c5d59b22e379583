using System.Runtime.InteropServices;

namespace Elanus.Primitives;

/// <summary>
/// An owned block of native memory, 64-byte aligned and zeroed, that the garbage collector never sees. Pointers and spans into it are
/// valid until Dispose; the owner keeps it alive while readers hold views.
/// </summary>
public sealed unsafe class AlignedMemory : IDisposable
{
    public const int Alignment = 64;

    /// <summary>Blocks from this size on are backed by large pages where the kernel has them: filling fresh memory then costs a fault every two megabytes, and scanning it few misses.</summary>
    private const long LargePagesFrom = 4 << 20;

    /// <summary>Of smaller blocks the collector is not told: telling it costs more than they weigh, and their owners free them.</summary>
    private const long ToldFrom = 64 << 10;

    private byte* allocated;
    private byte* pointer;

    public AlignedMemory(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Length = bytes;
        var rounded = Rounded(bytes);

        // Zeroed by the allocator: for large blocks these are fresh pages, which the kernel zeroes once; clearing them again costs as much as filling them.
        allocated = (byte*)NativeMemory.AllocZeroed(rounded + Alignment);
        pointer = (byte*)(((nuint)allocated + Alignment - 1) & ~(nuint)(Alignment - 1));
        if (bytes >= LargePagesFrom)
        {
            LibC.AdviseLargePages(pointer, (nint)bytes);
        }

        if (bytes >= ToldFrom)
        {
            GC.AddMemoryPressure((long)rounded);
        }
    }

    ~AlignedMemory() => Free();

    /// <summary>Bytes asked for.</summary>
    public long Length { get; }

    public byte* Pointer
    {
        get
        {
            Invariant.Holds(pointer != null, "native memory was read after it was freed");
            return pointer;
        }
    }

    /// <summary>A span over part of the block; offset and length in bytes.</summary>
    public Span<byte> Span(long offset, int length)
    {
        Invariant.Holds(offset >= 0 && length >= 0 && offset + length <= Length, "a span reaches past its native memory");
        return new Span<byte>(Pointer + offset, length);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        var owned = allocated;
        allocated = null;
        pointer = null;
        if (owned != null)
        {
            NativeMemory.Free(owned);
            if (Length >= ToldFrom)
            {
                GC.RemoveMemoryPressure((long)Rounded(Length));
            }
        }
    }

    private static nuint Rounded(long bytes) => (nuint)(Math.Max(bytes, 1) + Alignment - 1) & ~(nuint)(Alignment - 1);
}
