using System.Buffers;

namespace Elanus.Milvus.Wire;

/// <summary>
/// The elements of a repeated number, one after another: a slice of the request while they came in one piece, a copy once there are more.
/// </summary>
internal sealed class Run
{
    private ReadOnlyMemory<byte> only;
    private ArrayBufferWriter<byte>? joined;

    public ReadOnlyMemory<byte> Bytes => joined?.WrittenMemory ?? only;

    public void Add(ReadOnlyMemory<byte> piece)
    {
        if (joined is null && only.IsEmpty)
        {
            only = piece;
            return;
        }

        if (joined is null)
        {
            joined = new(2 * (only.Length + piece.Length));
            joined.Write(only.Span);
        }

        joined.Write(piece.Span);
    }
}
