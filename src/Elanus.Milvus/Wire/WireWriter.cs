using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;

namespace Elanus.Milvus.Wire;

/// <summary>
/// Writes one protobuf message field by field, for large replies: runs of numbers go from where they lie straight into the message. Fields at their
/// default are left out, as protobuf does.
/// </summary>
/// <param name="capacity">Bytes that the message will have, about: one that grows is copied.</param>
internal sealed class WireWriter(int capacity = 256)
{
    private readonly ArrayBufferWriter<byte> buffer = new(capacity);

    public ReadOnlyMemory<byte> Written => buffer.WrittenMemory;

    public void Number(int field, ulong value)
    {
        if (value != 0)
        {
            Tag(field, WireType.Varint);
            Varint(value);
        }
    }

    public void Text(int field, string value)
    {
        if (value.Length > 0)
        {
            Element(field, value);
        }
    }

    /// <summary>An element of a repeated field, which stands there even where it is empty.</summary>
    public void Element(int field, string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Tag(field, WireType.Bytes);
        Varint((ulong)length);
        Encoding.UTF8.GetBytes(value, buffer.GetSpan(length));
        buffer.Advance(length);
    }

    /// <summary>Bytes, a text, or a message that is written already; an empty one stands there too.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)value.Length);
        buffer.Write(value);
    }

    public void Message(int field, IMessage message)
    {
        var length = message.CalculateSize();
        Tag(field, WireType.Bytes);
        Varint((ulong)length);
        message.WriteTo(buffer.GetSpan(length)[..length]);
        buffer.Advance(length);
    }

    /// <summary>Begins a message whose fields, of so many bytes, are written next.</summary>
    public void Begin(int field, int length)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)length);
    }

    public void Message(int field, WireWriter message) => Bytes(field, message.buffer.WrittenSpan);

    public void Packed(int field, ReadOnlySpan<float> values)
    {
        if (!values.IsEmpty)
        {
            Bytes(field, MemoryMarshal.AsBytes(values));
        }
    }

    public void Packed(int field, ReadOnlySpan<long> values)
    {
        if (values.IsEmpty)
        {
            return;
        }

        Tag(field, WireType.Bytes);
        Varint((ulong)PackedLength(values));
        foreach (var value in values)
        {
            Varint((ulong)value);
        }
    }

    /// <summary>Bytes of a field of bytes of a length, with its head.</summary>
    public static int LengthOf(int field, int length) => Length((ulong)field << 3) + Length((ulong)length) + length;

    /// <summary>Bytes of packed numbers, without their head.</summary>
    public static int PackedLength(ReadOnlySpan<long> values)
    {
        var length = 0;
        foreach (var value in values)
        {
            length += Length((ulong)value);
        }

        return length;
    }

    private static int Length(ulong value) => ((63 - BitOperations.LeadingZeroCount(value | 1)) / 7) + 1;

    private void Tag(int field, WireType type) => Varint(((uint)field << 3) | (uint)type);

    private void Varint(ulong value)
    {
        var span = buffer.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            span[length++] = (byte)(value | 0x80);
        }

        span[length++] = (byte)value;
        buffer.Advance(length);
    }
}
