namespace Elanus.Engine;

/// <summary>A record ready to append: its kind, and its payload in pieces that together are the bytes. Large columns are referenced, not copied.</summary>
public sealed record EncodedRecord(ushort Kind, IReadOnlyList<ReadOnlyMemory<byte>> Payload)
{
    /// <summary>Bytes of all pieces.</summary>
    public long Length => Payload.Sum(piece => (long)piece.Length);

    /// <summary>The payload in one piece, copied.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        var at = 0;
        foreach (var piece in Payload)
        {
            piece.Span.CopyTo(bytes.AsSpan(at));
            at += piece.Length;
        }

        return bytes;
    }
}
