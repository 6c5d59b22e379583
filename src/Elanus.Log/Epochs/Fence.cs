using System.Buffers.Binary;
using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// The first record of an epoch: whose it is, whom it follows, and where the predecessor's part ends. The chain of fences tells two histories
/// apart. <paramref name="Forced"/> is the mark of a promotion that an operator forced: only across it may shown positions be cut.
/// </summary>
public readonly record struct Fence(Epoch Epoch, LogPosition Position, Epoch Predecessor, ulong PredecessorEnd, bool Forced)
{
    /// <summary>Size of a fence's payload, in bytes.</summary>
    public const int PayloadBytes = 64;

    private const ulong ForcedFlag = 1;

    public byte[] ToPayload()
    {
        var payload = new byte[PayloadBytes];
        EpochEncoding.Write(payload, Epoch);
        EpochEncoding.Write(payload.AsSpan(24), Predecessor);
        BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(48), PredecessorEnd);
        BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(56), Forced ? ForcedFlag : 0);
        return payload;
    }

    /// <summary>Reads the payload of a record of kind <see cref="RecordKind.Fence"/>; null where it is none.</summary>
    public static Fence? FromPayload(LogPosition position, ReadOnlySpan<byte> payload) =>
        payload.Length == PayloadBytes
            ? new(
                EpochEncoding.Read(payload),
                position,
                EpochEncoding.Read(payload[24..]),
                BinaryPrimitives.ReadUInt64LittleEndian(payload[48..]),
                (BinaryPrimitives.ReadUInt64LittleEndian(payload[56..]) & ForcedFlag) != 0)
            : null;
}
