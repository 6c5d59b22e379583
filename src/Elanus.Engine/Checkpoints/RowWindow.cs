namespace Elanus.Engine;

/// <summary>The rows of a checkpoint, read from front to back. <paramref name="from"/> gives the bytes from an offset on, as many as fit in one piece of memory.</summary>
internal sealed class RowWindow(Func<long, ReadOnlyMemory<byte>> from)
{
    private long at;

    public PayloadReader Reader() => new(from(at));

    public void Skip(int bytes) => at += bytes;

    public void End() => PayloadReader.Require(from(at).IsEmpty, "bytes follow the last row");
}
