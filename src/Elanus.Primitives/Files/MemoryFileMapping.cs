namespace Elanus.Primitives;

/// <summary>A copy of a simulated file's bytes, at the moment it was mapped.</summary>
internal sealed unsafe class MemoryFileMapping : IFileMapping
{
    private readonly AlignedMemory memory;

    public MemoryFileMapping(SectorFile file)
    {
        memory = new AlignedMemory(file.Length);
        const int Piece = 1 << 20;
        for (long at = 0; at < file.Length; at += Piece)
        {
            file.Read(at, memory.Span(at, (int)Math.Min(Piece, file.Length - at)));
        }
    }

    public long Length => memory.Length;

    public byte* Pointer => memory.Pointer;

    public ReadOnlySpan<byte> Span(long offset, int length) => memory.Span(offset, length);

    public void Dispose() => memory.Dispose();
}
