namespace Elanus.Primitives;

/// <summary>A file's bytes in memory, read-only, 64-byte aligned at offset 0, valid until disposed even if the name is removed.</summary>
public unsafe interface IFileMapping : IDisposable
{
    /// <summary>Bytes mapped.</summary>
    long Length { get; }

    byte* Pointer { get; }

    ReadOnlySpan<byte> Span(long offset, int length);
}
