using System.Buffers.Binary;

namespace Elanus.Engine;

/// <summary>
/// Builds a payload as pieces: small parts are gathered in buffers of its own, large ones are referenced where they lie. Parts written
/// by <see cref="Bytes"/> are padded to 8 bytes, so that every column starts aligned within the payload. Not thread-safe.
/// </summary>
internal sealed class PayloadWriter
{
    /// <summary>From this many bytes on a part is referenced rather than copied.</summary>
    private const int ReferencedBytesMin = 2048;

    private const int Alignment = 8;

    private readonly List<ReadOnlyMemory<byte>> pieces = [];
    private byte[] buffer = new byte[512];
    private int start;
    private int used;
    private long written;

    public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Reserve(sizeof(ushort)), value);

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(sizeof(uint)), value);

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Reserve(sizeof(int)), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Reserve(sizeof(long)), value);

    public void Byte(byte value) => Reserve(1)[0] = value;

    /// <summary>Appends bytes and pads to the alignment. The memory stays unchanged until the record is appended.</summary>
    public void Bytes(ReadOnlyMemory<byte> part)
    {
        if (part.Length < ReferencedBytesMin)
        {
            part.Span.CopyTo(Reserve(part.Length));
        }
        else
        {
            EndPiece();
            pieces.Add(part);
            written += part.Length;
        }

        Reserve((int)(-written & (Alignment - 1))).Clear();
    }

    public IReadOnlyList<ReadOnlyMemory<byte>> Build()
    {
        EndPiece();
        return pieces;
    }

    private Span<byte> Reserve(int bytes)
    {
        if (used + bytes > buffer.Length)
        {
            EndPiece();
            buffer = new byte[Math.Max(buffer.Length * 2, bytes)];
            start = used = 0;
        }

        var span = buffer.AsSpan(used, bytes);
        used += bytes;
        written += bytes;
        return span;
    }

    private void EndPiece()
    {
        if (used > start)
        {
            pieces.Add(buffer.AsMemory(start, used - start));
            start = used;
        }
    }
}
