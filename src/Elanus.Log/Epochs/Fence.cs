using System.Buffers.Binary;
using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// The first record of an epoch: whose it is, whom it follows, and where the predecessor's part ends. The chain of fences tells two histories
/// apart. <paramref name="Forced"/> is the mark of a promotion that an operator forced: only across it may shown positions be cut.
/// </summary>
public readonly record struct Fence(Epoch Epoch, LogPosition Position, Epoch Predecessor, ulong PredecessorEnd, bool Forced)
{
    /// <summary>Size of a fence's payload of format 1, in bytes; format 2 adds the note.</summary>
    public const int PayloadBytes = 64;

    public const int PayloadBytesWithNote = PayloadBytes + 16;

    private const ulong ForcedFlag = 1;

    /// <summary>Who claimed the epoch and why.</summary>
    public ClaimNote Note { get; init; }

    /// <param name="format">Of the record that it is for.</param>
    public byte[] ToPayload(ushort format = RecordHeader.PreviousFormat)
    {
        var payload = new byte[format == RecordHeader.PreviousFormat ? PayloadBytes : PayloadBytesWithNote];
        EpochEncoding.Write(payload, Epoch);
        EpochEncoding.Write(payload.AsSpan(24), Predecessor);
        BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(48), PredecessorEnd);
        BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(56), Forced ? ForcedFlag : 0);
        if (payload.Length > PayloadBytes)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(64), Note.Holder.Value);
            BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(72), (uint)Note.Cause);
        }

        return payload;
    }

    /// <summary>Reads the payload of a record of kind <see cref="RecordKind.Fence"/>; null where it is none.</summary>
    public static Fence? FromPayload(LogPosition position, ReadOnlySpan<byte> payload) =>
        payload.Length is PayloadBytes or PayloadBytesWithNote
            ? new(
                EpochEncoding.Read(payload),
                position,
                EpochEncoding.Read(payload[24..]),
                BinaryPrimitives.ReadUInt64LittleEndian(payload[48..]),
                (BinaryPrimitives.ReadUInt64LittleEndian(payload[56..]) & ForcedFlag) != 0) { Note = NoteOf(payload) }
            : null;

    private static ClaimNote NoteOf(ReadOnlySpan<byte> payload) => payload.Length == PayloadBytes
        ? default
        : new(new(BinaryPrimitives.ReadUInt64LittleEndian(payload[64..])), (ClaimCause)BinaryPrimitives.ReadUInt32LittleEndian(payload[72..]));
}
