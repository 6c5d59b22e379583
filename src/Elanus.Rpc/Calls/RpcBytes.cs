using System.Buffers;
using Elanus.Primitives;

namespace Elanus.Rpc;

/// <summary>
/// One received message in a pooled buffer; its memory is valid until Dispose. Filled by one thread, then only read.
/// The buffer grows as bytes arrive, so that a peer cannot make it large by announcing a size.
/// </summary>
public sealed class RpcBytes : IDisposable
{
    // An announced size up to this is rented at once.
    private const int TrustedSize = 4 << 20;

    private byte[]? array;
    private int filled;

    internal RpcBytes(int expected) => array = expected == 0 ? [] : ArrayPool<byte>.Shared.Rent(Math.Min(expected, TrustedSize));

    public ReadOnlyMemory<byte> Memory => Array.AsMemory(0, filled);

    internal int Length => filled;

    private byte[] Array
    {
        get
        {
            Invariant.Holds(array is not null, "a message was read after it was returned to the pool");
            return array;
        }
    }

    public void Dispose()
    {
        var owned = array;
        array = null;
        if (owned is { Length: > 0 })
        {
            ArrayPool<byte>.Shared.Return(owned);
        }
    }

    internal void Append(in ReadOnlySequence<byte> data)
    {
        var length = (int)data.Length;
        data.CopyTo(Space(length));
        filled += length;
    }

    internal void Append(ReadOnlySpan<byte> data)
    {
        data.CopyTo(Space(data.Length));
        filled += data.Length;
    }

    /// <summary>Room behind what is filled, at least <paramref name="minimum"/> bytes of it; <see cref="Advance"/> says how much was used.</summary>
    internal Span<byte> Space(int minimum)
    {
        var current = Array;
        if (current.Length - filled < minimum)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(filled + (long)minimum, Math.Min(2L * current.Length, System.Array.MaxLength)));
            current.AsSpan(0, filled).CopyTo(larger);
            array = larger;
            if (current.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(current);
            }
        }

        return array.AsSpan(filled);
    }

    internal MemoryStream AsStream() => new(Array, 0, filled, writable: false);

    internal void Advance(int count) => filled += count;
}
