using System.Buffers.Binary;
using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// What stands before the records that one write and one fsync made durable: 64 bytes at a multiple of 512. It says of itself where it
/// stands (log, segment, offset), so bytes that were copied here from elsewhere are no header. It says up to where the segment was durable when it was written, so that
/// it exists proves that. With no records it is a mark: everything before it was durable, and the next group replaces it.
/// </summary>
internal readonly record struct GroupHeader(ulong LogId, ulong Segment, long Offset, ulong First, uint Count, long BodyBytes)
{
    public const int Bytes = 64;

    /// <summary>Groups begin at multiples of this many bytes, so that no sector with durable bytes is written again.</summary>
    public const int Alignment = 512;

    private const uint Magic = 0x50524745; // "EGRP"

    /// <summary>What stood in all of the file before this offset was durable when this was written. In format 1 that is everything before the group.</summary>
    public long Durable { get; init; } = Offset;

    /// <summary>That of the segment.</summary>
    public uint Format { get; init; } = SegmentHeader.NewestFormat;

    /// <summary>Where the group ends, gap included.</summary>
    public long End => Aligned(Offset + Bytes + BodyBytes);

    public static long Aligned(long offset) => (offset + Alignment - 1) & -Alignment;

    public void Write(Span<byte> into)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(into[4..], Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(into[8..], LogId);
        BinaryPrimitives.WriteUInt64LittleEndian(into[16..], Segment);
        BinaryPrimitives.WriteInt64LittleEndian(into[24..], Offset);
        BinaryPrimitives.WriteUInt64LittleEndian(into[32..], First);
        BinaryPrimitives.WriteUInt32LittleEndian(into[40..], Count);
        BinaryPrimitives.WriteUInt32LittleEndian(into[44..], Format);
        BinaryPrimitives.WriteInt64LittleEndian(into[48..], BodyBytes);
        BinaryPrimitives.WriteInt64LittleEndian(into[56..], Format == 1 ? 0 : Durable);
        BinaryPrimitives.WriteUInt32LittleEndian(into, Crc32C.Of(into[4..Bytes]));
    }

    /// <summary>The header at the start of these bytes, or null where there is none.</summary>
    public static GroupHeader? Read(ReadOnlySpan<byte> from) =>
        from.Length >= Bytes
        && BinaryPrimitives.ReadUInt32LittleEndian(from[4..]) == Magic
        && BinaryPrimitives.ReadUInt32LittleEndian(from) == Crc32C.Of(from[4..Bytes])
        && BinaryPrimitives.ReadUInt32LittleEndian(from[44..]) is >= 1 and <= SegmentHeader.NewestFormat and var format
            ? new GroupHeader(
                BinaryPrimitives.ReadUInt64LittleEndian(from[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(from[16..]),
                BinaryPrimitives.ReadInt64LittleEndian(from[24..]),
                BinaryPrimitives.ReadUInt64LittleEndian(from[32..]),
                BinaryPrimitives.ReadUInt32LittleEndian(from[40..]),
                BinaryPrimitives.ReadInt64LittleEndian(from[48..]))
            {
                Format = format,
                Durable = BinaryPrimitives.ReadInt64LittleEndian(from[(format == 1 ? 24 : 56)..]),
            }
            : null;
}
