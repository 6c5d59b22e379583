using System.Buffers.Binary;
using Elanus.Primitives;

namespace Elanus.Storage;

/// <summary>The first and last 64 bytes of a stored file (docs/formats.md). Each carries a checksum of itself; the last one also those of the directory and the header.</summary>
internal static class ContainerFormat
{
    public const int Format = 1;
    public const int HeaderBytes = 64;
    public const int TrailerBytes = 64;
    public const int Alignment = 64;
    public const int BlockBytes = 256 * 1024;
    public const int NameBytesMax = 200;
    public const int SectionsMax = 1 << 20;
    public const int DirectoryBytesMax = 1 << 29;

    private const uint HeaderMagic = 0x46545345; // "ESTF"
    private const uint TrailerMagic = 0x45545345; // "ESTE"

    public static long Aligned(long offset) => (offset + Alignment - 1) & -Alignment;

    public static byte[] Header(StoredFileKind kind, StoredFileIdentity identity)
    {
        var bytes = new byte[HeaderBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), HeaderMagic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Format);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), (int)kind);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), identity.High);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), identity.Low);
        return Stamped(bytes);
    }

    /// <summary>Null where the header is whole; else what is wrong.</summary>
    public static string? ReadHeader(ReadOnlySpan<byte> bytes, out StoredFileKind kind, out StoredFileIdentity identity)
    {
        kind = (StoredFileKind)BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        identity = new(BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
        return Fault(bytes, HeaderMagic, "header");
    }

    public static byte[] Trailer(uint headerCrc, uint directoryCrc, long directoryOffset, long directoryBytes)
    {
        var bytes = new byte[TrailerBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), TrailerMagic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Format);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), directoryCrc);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), directoryOffset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), directoryBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(32), headerCrc);
        return Stamped(bytes);
    }

    /// <summary>Null where the trailer is whole and fits a file of this length; else what is wrong.</summary>
    public static string? ReadTrailer(ReadOnlySpan<byte> bytes, long fileLength, out uint headerCrc, out uint directoryCrc, out long directoryOffset, out int directoryBytes)
    {
        directoryCrc = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        directoryOffset = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        var length = BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]);
        headerCrc = BinaryPrimitives.ReadUInt32LittleEndian(bytes[32..]);
        directoryBytes = 0;
        if (Fault(bytes, TrailerMagic, "trailer") is { } fault)
        {
            return fault;
        }

        if (directoryOffset < HeaderBytes || directoryOffset % Alignment != 0 || length is < 0 or > DirectoryBytesMax || directoryOffset + length != fileLength - TrailerBytes)
        {
            return "the trailer does not fit the file's length";
        }

        directoryBytes = (int)length;
        return null;
    }

    /// <summary>The number under which a whole file is known: one of its header and one of everything else.</summary>
    public static ulong Checksum(uint headerCrc, uint directoryCrc) => ((ulong)headerCrc << 32) | directoryCrc;

    public static uint CrcIn(ReadOnlySpan<byte> stamped) => BinaryPrimitives.ReadUInt32LittleEndian(stamped);

    private static byte[] Stamped(byte[] bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32C.Of(bytes.AsSpan(4)));
        return bytes;
    }

    private static string? Fault(ReadOnlySpan<byte> bytes, uint magic, string part)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) != magic)
        {
            return $"there is no {part} of a stored file";
        }

        if (CrcIn(bytes) != Crc32C.Of(bytes[4..]))
        {
            return $"the {part} fails its checksum";
        }

        var format = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        return format == Format ? null : $"its format {format} is unknown; this version reads format {Format}";
    }
}
