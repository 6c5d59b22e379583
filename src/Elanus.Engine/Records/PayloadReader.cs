using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>Reads what <see cref="PayloadWriter"/> wrote; whatever does not fit is a <see cref="RecordCorruptException"/>.</summary>
internal ref struct PayloadReader(ReadOnlyMemory<byte> payload)
{
    private const int Alignment = 8;

    private readonly ReadOnlyMemory<byte> payload = payload;
    private int at;

    /// <summary>Bytes read so far.</summary>
    public readonly int Consumed => at;

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)).Span);

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)).Span);

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)).Span);

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)).Span);

    public byte Byte() => Take(1).Span[0];

    /// <summary>A number that counts things of which each takes at least <paramref name="bytesEach"/> of what follows.</summary>
    public int Count(int bytesEach)
    {
        var count = UInt32();
        if (count * (ulong)bytesEach > (ulong)(payload.Length - at))
        {
            throw new RecordCorruptException($"a count of {count} reaches past the payload's end");
        }

        return (int)count;
    }

    /// <summary>A part written by <see cref="PayloadWriter.Bytes"/>, in place.</summary>
    public ReadOnlyMemory<byte> Bytes(long length)
    {
        var part = Take(length);
        foreach (var pad in Take(-at & (Alignment - 1)).Span)
        {
            Require(pad == 0, "padding is not zero");
        }

        return part;
    }

    /// <summary>Int64 values, copied.</summary>
    public long[] Int64s(int count) => MemoryMarshal.Cast<byte, long>(Take((long)count * sizeof(long)).Span).ToArray();

    public void Skip(int bytes) => Take(bytes);

    public readonly void End() => Require(at == payload.Length, "bytes follow the record's end");

    public static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new RecordCorruptException(what);
        }
    }

    public static void Require(bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] UnlessHolds what)
    {
        if (!condition)
        {
            throw new RecordCorruptException(what.Text());
        }
    }

    private ReadOnlyMemory<byte> Take(long length)
    {
        if (length < 0 || length > payload.Length - at)
        {
            throw new RecordCorruptException($"{length} bytes at {at} reach past the payload's end");
        }

        var taken = payload.Slice(at, (int)length);
        at += (int)length;
        return taken;
    }
}
