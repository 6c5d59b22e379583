using System.Runtime.InteropServices;
using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Engine;

/// <summary>
/// A run of bytes in which rows lie, 64-byte aligned: native memory, or a section of a mapped file. It owns nothing; reading it after its
/// owner freed it is an invariant broken.
/// </summary>
internal readonly unsafe struct RowMemory
{
    private readonly AlignedMemory? memory;
    private readonly StoredFile? file;
    private readonly StoredSection section;

    public RowMemory(AlignedMemory memory) => this.memory = memory;

    public RowMemory(StoredFile file, StoredSection section)
    {
        this.file = file;
        this.section = section;
    }

    /// <summary>Whether there is such a run; the default one is none.</summary>
    public bool Exists => memory is not null || file is not null;

    public long Length => memory?.Length ?? section.Length;

    public byte* Pointer => memory is not null ? memory.Pointer : file!.Pointer(section);

    public ReadOnlySpan<byte> Span(long offset, int length) =>
        memory is not null ? memory.Span(offset, length) : file!.Span(section, offset, length);

    /// <summary>Values of one width from the start on.</summary>
    public ReadOnlySpan<T> As<T>(int count)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Span(0, checked(count * sizeof(T))));

    /// <summary>One value of many.</summary>
    public T At<T>(long index)
        where T : unmanaged => MemoryMarshal.Read<T>(Span(index * sizeof(T), sizeof(T)));
}
