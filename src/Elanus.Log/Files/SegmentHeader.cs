using System.Buffers.Binary;
using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// The first 512 bytes of a segment file: which log it belongs to, and the end of the history that it continues, so that it can be read when
/// the segments before it are gone. Durable before the file gets its name, so a named segment without it is damaged.
/// </summary>
internal readonly record struct SegmentHeader(ulong LogId, HistoryEnd Before)
{
    public const int Bytes = 512;

    private const int UsedBytes = 80;
    private const uint Magic = 0x474F4C45; // "ELOG"

    /// <summary>In format 1 a group is written when all before it is durable; in 2 each group says up to where that was so.</summary>
    public const uint NewestFormat = 2;

    public uint Format { get; init; } = NewestFormat;

    /// <summary>Whether a group may be written while the one before it is not durable yet.</summary>
    public bool TakesGroupsBeside => Format >= 2;

    public ulong First => Before.Position.Number + 1;

    public byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Format);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), Before.Position.Channel.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), LogId);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), First);
        EpochEncoding.Write(bytes.AsSpan(32), Before.Epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(56), Before.Timestamp.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(64), Before.Reservation.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(72), 0);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32C.Of(bytes.AsSpan(4..UsedBytes)));
        return bytes;
    }

    /// <summary>The format of a whole header of one that this code does not know; null elsewhere.</summary>
    public static uint? NewerFormat(ReadOnlySpan<byte> from) =>
        IsWhole(from) && BinaryPrimitives.ReadUInt32LittleEndian(from[8..]) is > NewestFormat and var format ? format : null;

    public static SegmentHeader? Read(ReadOnlySpan<byte> from)
    {
        if (!IsWhole(from) || BinaryPrimitives.ReadUInt32LittleEndian(from[8..]) is not (>= 1 and <= NewestFormat and var format))
        {
            return null;
        }

        var channel = new ChannelId(BinaryPrimitives.ReadUInt32LittleEndian(from[12..]));
        var before = new HistoryEnd(
            new(channel, BinaryPrimitives.ReadUInt64LittleEndian(from[24..]) - 1),
            EpochEncoding.Read(from[32..]),
            new(BinaryPrimitives.ReadUInt64LittleEndian(from[56..])),
            new(BinaryPrimitives.ReadUInt64LittleEndian(from[64..])));
        return new(BinaryPrimitives.ReadUInt64LittleEndian(from[16..]), before) { Format = format };
    }

    private static bool IsWhole(ReadOnlySpan<byte> from) =>
        from.Length >= Bytes
        && BinaryPrimitives.ReadUInt32LittleEndian(from[4..]) == Magic
        && BinaryPrimitives.ReadUInt32LittleEndian(from) == Crc32C.Of(from[4..UsedBytes]);
}
