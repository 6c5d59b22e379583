using System.Buffers.Binary;
using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>The log's values as bytes, little-endian.</summary>
internal static class Encoding
{
    /// <summary>Size of an epoch: number, then both halves of the claim.</summary>
    public const int EpochBytes = 24;

    public static void WriteEpoch(Span<byte> into, Epoch epoch)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(into, epoch.Number);
        BinaryPrimitives.WriteUInt64LittleEndian(into[8..], epoch.Claim.High);
        BinaryPrimitives.WriteUInt64LittleEndian(into[16..], epoch.Claim.Low);
    }

    public static Epoch ReadEpoch(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(from),
        new(BinaryPrimitives.ReadUInt64LittleEndian(from[8..]), BinaryPrimitives.ReadUInt64LittleEndian(from[16..])));
}
