using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Elanus.Storage;

/// <summary>
/// What stands behind a file's sections: their names and places, and a checksum of each block of 256 KiB of everything before the directory.
/// Its size follows from the file's length and the number of sections, never from the number of rows.
/// </summary>
internal sealed class ContainerDirectory
{
    private const int FixedBytes = 16;
    private const int SectionBytes = 24;

    public ContainerDirectory(ImmutableArray<StoredSection> sections, ImmutableArray<uint> blocks)
    {
        Sections = sections;
        Blocks = blocks;
    }

    public ImmutableArray<StoredSection> Sections { get; }

    /// <summary>CRC-32C by block, the last one maybe shorter.</summary>
    public ImmutableArray<uint> Blocks { get; }

    public byte[] Encode()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Sections.Length);
        writer.Write(ContainerFormat.BlockBytes);
        writer.Write(Blocks.Length);
        writer.Write(0);
        foreach (var section in Sections)
        {
            var name = Encoding.UTF8.GetBytes(section.Name);
            writer.Write(section.Offset);
            writer.Write(section.Length);
            writer.Write(name.Length);
            writer.Write(0);
            writer.Write(name);
            writer.Write(new byte[-name.Length & 7]);
        }

        foreach (var block in Blocks)
        {
            writer.Write(block);
        }

        writer.Write(new byte[-(int)bytes.Length & (ContainerFormat.Alignment - 1)]);
        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>Reads a directory whose checksum was right; what does not fit is answered as a fault in words.</summary>
    public static ContainerDirectory? Decode(ReadOnlySpan<byte> bytes, long directoryOffset, out string fault)
    {
        fault = "the directory does not describe the file";
        if (bytes.Length < FixedBytes)
        {
            return null;
        }

        var sections = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        var blockBytes = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        var blocks = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (blockBytes != ContainerFormat.BlockBytes || sections is < 0 or > ContainerFormat.SectionsMax
            || blocks != (directoryOffset + blockBytes - 1) / blockBytes)
        {
            return null;
        }

        var all = ImmutableArray.CreateBuilder<StoredSection>(sections);
        var at = FixedBytes;
        var end = (long)ContainerFormat.HeaderBytes;
        for (var i = 0; i < sections; i++)
        {
            if (bytes.Length - at < SectionBytes)
            {
                return null;
            }

            var offset = BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
            var length = BinaryPrimitives.ReadInt64LittleEndian(bytes[(at + 8)..]);
            var name = BinaryPrimitives.ReadInt32LittleEndian(bytes[(at + 16)..]);
            at += SectionBytes;
            if (name is < 1 or > ContainerFormat.NameBytesMax || bytes.Length - at < name || length < 0 || offset < end
                || offset % ContainerFormat.Alignment != 0 || length > directoryOffset - offset)
            {
                return null;
            }

            all.Add(new(Encoding.UTF8.GetString(bytes.Slice(at, name)), offset, length));
            at += (name + 7) & ~7;
            end = offset + length;
        }

        if (bytes.Length - at < (long)blocks * sizeof(uint))
        {
            return null;
        }

        var sums = ImmutableArray.CreateBuilder<uint>(blocks);
        for (var i = 0; i < blocks; i++, at += sizeof(uint))
        {
            sums.Add(BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]));
        }

        return new(all.MoveToImmutable(), sums.MoveToImmutable());
    }
}
