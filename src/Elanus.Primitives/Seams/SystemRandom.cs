using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Elanus.Primitives;

/// <summary>The operating system's randomness.</summary>
public sealed class SystemRandom : IRandomSource
{
#pragma warning disable RS0030 // This is the seam that stands before the banned call.
    public void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
#pragma warning restore RS0030

    public ulong NextUInt64()
    {
        Span<byte> bytes = stackalloc byte[8];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
