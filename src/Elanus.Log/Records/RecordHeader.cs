using System.Buffers.Binary;
using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// What stands before every payload, in files, slots and on the wire between nodes: 64 bytes, little-endian (docs/formats.md). The first CRC
/// covers the rest of the header, which holds the payload's, so one chain of checks covers both.
/// </summary>
public readonly record struct RecordHeader(
    Epoch Epoch,
    LogPosition Position,
    Timestamp Timestamp,
    RecordKind Kind,
    int Length,
    uint PayloadCrc)
{
    /// <summary>Which format the record is of; it stays so wherever the record is copied to.</summary>
    public ushort Format { get; init; } = CurrentFormat;

    /// <summary>Size of an encoded header, in bytes.</summary>
    public const int Bytes = 64;

    /// <summary>The newest format that this code reads and writes.</summary>
    public const ushort CurrentFormat = 2;

    /// <summary>The format before it, which is read too, and written until every member of a set reads the newer one.</summary>
    public const ushort PreviousFormat = 1;

    /// <summary>Records stand at multiples of this many bytes; the gap behind a payload is zero.</summary>
    public const int Alignment = 8;

    /// <summary>Bytes that a record with a payload of this many bytes takes, gap included.</summary>
    public static long SpaceOf(long payloadBytes) => Bytes + ((payloadBytes + Alignment - 1) & -Alignment);

    public void Write(Span<byte> into)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(into[4..], PayloadCrc);
        BinaryPrimitives.WriteUInt16LittleEndian(into[8..], Format);
        BinaryPrimitives.WriteUInt16LittleEndian(into[10..], Kind.Value);
        BinaryPrimitives.WriteInt32LittleEndian(into[12..], Length);
        BinaryPrimitives.WriteUInt32LittleEndian(into[16..], Position.Channel.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(into[20..], 0);
        BinaryPrimitives.WriteUInt64LittleEndian(into[24..], Position.Number);
        BinaryPrimitives.WriteUInt64LittleEndian(into[32..], Timestamp.Value);
        EpochEncoding.Write(into[40..], Epoch);
        BinaryPrimitives.WriteUInt32LittleEndian(into, Crc32C.Of(into[4..Bytes]));
    }

    private static bool IsKnown(ushort format) => format is CurrentFormat or PreviousFormat;

    /// <summary>False where these bytes are surely no header of a record of this channel; cheap.</summary>
    internal static bool MayBegin(ReadOnlySpan<byte> from, ChannelId channel) =>
        from.Length >= Bytes
        && IsKnown(BinaryPrimitives.ReadUInt16LittleEndian(from[8..]))
        && BinaryPrimitives.ReadUInt32LittleEndian(from[16..]) == channel.Value;

    /// <summary>True where a whole header stands here whose format this code does not know: a newer program wrote it.</summary>
    internal static bool IsNewer(ReadOnlySpan<byte> from) =>
        from.Length >= Bytes
        && BinaryPrimitives.ReadUInt16LittleEndian(from[8..]) > CurrentFormat
        && BinaryPrimitives.ReadUInt32LittleEndian(from) == Crc32C.Of(from[4..Bytes]);

    /// <summary>Reads a header; false, with what is wrong, where these bytes are none. The payload is not looked at.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, out RecordHeader header, out string wrong)
    {
        header = default;
        if (from.Length < Bytes)
        {
            wrong = "the record's header is cut off";
            return false;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(from) != Crc32C.Of(from[4..Bytes]))
        {
            wrong = "the record's header fails its checksum";
            return false;
        }

        var format = BinaryPrimitives.ReadUInt16LittleEndian(from[8..]);
        if (!IsKnown(format))
        {
            wrong = $"the record has format {format}, this program reads {PreviousFormat} and {CurrentFormat}";
            return false;
        }

        header = new(
            EpochEncoding.Read(from[40..]),
            new(new(BinaryPrimitives.ReadUInt32LittleEndian(from[16..])), BinaryPrimitives.ReadUInt64LittleEndian(from[24..])),
            new(BinaryPrimitives.ReadUInt64LittleEndian(from[32..])),
            new(BinaryPrimitives.ReadUInt16LittleEndian(from[10..])),
            BinaryPrimitives.ReadInt32LittleEndian(from[12..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[4..])) { Format = format };
        wrong = "";
        return true;
    }
}
