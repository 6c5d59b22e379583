using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Elanus.Rpc.Framing;

/// <summary>Messages on their way out, with the prefix that <see cref="FrameReader"/> reads.</summary>
internal static class FrameWriter
{
    public static void WritePrefix(Span<byte> target, byte flag, int size)
    {
        target[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(target[1..], (uint)size);
    }

    /// <summary>Prefix and message in one buffer.</summary>
    public static RpcBytes Frame(RpcPayload payload, bool compress)
    {
        if (compress && payload.Size >= Encodings.CompressedBytesMin)
        {
            return Compressed(payload);
        }

        var frame = new RpcBytes(FrameReader.PrefixBytes + payload.Size);
        var space = frame.Space(FrameReader.PrefixBytes + payload.Size);
        WritePrefix(space, flag: 0, payload.Size);
        payload.WriteTo(space.Slice(FrameReader.PrefixBytes, payload.Size));
        frame.Advance(FrameReader.PrefixBytes + payload.Size);
        return frame;
    }

    private static RpcBytes Compressed(RpcPayload payload)
    {
        var frame = new RpcBytes(FrameReader.PrefixBytes + (payload.Size / 2));
        frame.Space(FrameReader.PrefixBytes);
        frame.Advance(FrameReader.PrefixBytes);
        if (payload.TryGetBytes(out var serialised))
        {
            Gzip.Compress(serialised.Span, frame);
        }
        else
        {
            var plain = ArrayPool<byte>.Shared.Rent(payload.Size);
            payload.WriteTo(plain.AsSpan(0, payload.Size));
            Gzip.Compress(plain.AsSpan(0, payload.Size), frame);
            ArrayPool<byte>.Shared.Return(plain);
        }

        WritePrefix(MemoryMarshal.AsMemory(frame.Memory).Span, flag: 1, frame.Length - FrameReader.PrefixBytes);
        return frame;
    }
}
