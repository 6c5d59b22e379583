using System.Buffers.Binary;
using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// The small file that says what the segments cannot: the log's id, below which position segments may be gone, a cut that was begun, and one that a start finished and
/// whose consequences have not been drawn. It is replaced as a whole, and before what it announces is done.
/// </summary>
internal readonly record struct LogHead(ulong LogId, ChannelId Channel, ulong Front, ulong? Cut, ulong? LastCut)
{
    public const string FileName = "log.head";
    public const int Bytes = 64;

    private const uint Magic = 0x44484C45; // "ELHD"
    private const uint Format = 1;

    public byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Format);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), Channel.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), LogId);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), Front);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(32), Cut ?? ulong.MaxValue);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(40), LastCut is { } last ? last + 1 : 0);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32C.Of(bytes.AsSpan(4)));
        return bytes;
    }

    public static LogHead? Read(ReadOnlySpan<byte> from)
    {
        if (from.Length != Bytes
            || BinaryPrimitives.ReadUInt32LittleEndian(from[4..]) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(from) != Crc32C.Of(from[4..])
            || BinaryPrimitives.ReadUInt32LittleEndian(from[8..]) != Format)
        {
            return null;
        }

        var cut = BinaryPrimitives.ReadUInt64LittleEndian(from[32..]);
        var last = BinaryPrimitives.ReadUInt64LittleEndian(from[40..]);
        return new(
            BinaryPrimitives.ReadUInt64LittleEndian(from[16..]),
            new(BinaryPrimitives.ReadUInt32LittleEndian(from[12..])),
            BinaryPrimitives.ReadUInt64LittleEndian(from[24..]),
            cut == ulong.MaxValue ? null : cut,
            last == 0 ? null : last - 1);
    }
}
