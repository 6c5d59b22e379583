using System.Buffers.Binary;
using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>An epoch as 24 bytes, little-endian: number, then both halves of the claim.</summary>
internal static class EpochEncoding
{
    public static void Write(Span<byte> into, Epoch epoch)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(into, epoch.Number);
        BinaryPrimitives.WriteUInt64LittleEndian(into[8..], epoch.Claim.High);
        BinaryPrimitives.WriteUInt64LittleEndian(into[16..], epoch.Claim.Low);
    }

    public static Epoch Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(from),
        new(BinaryPrimitives.ReadUInt64LittleEndian(from[8..]), BinaryPrimitives.ReadUInt64LittleEndian(from[16..])));
}
