using System.Buffers;
using Elanus.Primitives;

namespace Elanus.Rpc;

/// <summary>
/// One message in a pooled buffer that grows while it is filled; its memory is valid until Dispose. Filled by one thread, then only read.
/// </summary>
public sealed class RpcBytes : IDisposable
{
    private byte[]? array;
    private int filled;

    internal RpcBytes(int expected) => array = expected == 0 ? [] : ArrayPool<byte>.Shared.Rent(expected);

    /// <summary>A message of its own, for carriers that hold it elsewhere.</summary>
    public static RpcBytes CopyOf(ReadOnlySpan<byte> message)
    {
        var copy = new RpcBytes(message.Length);
        copy.Append(message);
        return copy;
    }

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
