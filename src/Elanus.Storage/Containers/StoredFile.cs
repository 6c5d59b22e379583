using System.Collections.Frozen;
using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Storage;

/// <summary>
/// A whole stored file, mapped. Opening it checks its ends and its directory, and costs the same whatever its sections hold; the rest is checked by
/// <see cref="Verify"/>, or block by block. Any thread may read it until it is disposed; it pins its name until then.
/// </summary>
public sealed unsafe class StoredFile : IDisposable
{
    private readonly IFileMapping mapping;
    private readonly ContainerDirectory directory;
    private readonly FrozenDictionary<string, StoredSection> byName;
    private readonly long covered;
    private Action? closed;

    private StoredFile(
        IFileMapping mapping, string path, StoredFileReference reference, StoredFileKind kind, StoredFileIdentity identity, ContainerDirectory directory, long covered)
    {
        this.mapping = mapping;
        this.directory = directory;
        this.covered = covered;
        Path = path;
        Reference = reference;
        Kind = kind;
        Identity = identity;
        byName = directory.Sections.ToFrozenDictionary(s => s.Name);
    }

    public string Path { get; }

    /// <summary>Name, length and checksum.</summary>
    public StoredFileReference Reference { get; }

    public StoredFileKind Kind { get; }

    public StoredFileIdentity Identity { get; }

    /// <summary>In the order of their offsets.</summary>
    public ImmutableArray<StoredSection> Sections => directory.Sections;

    /// <summary>Blocks that <see cref="VerifyBlock"/> takes.</summary>
    public int Blocks => directory.Blocks.Length;

    /// <summary>Checks a mapping and takes it over; what is wrong with it is answered, and the mapping is then the caller's.</summary>
    internal static StoredFile? Open(IFileMapping mapping, string path, string name, Action closed, out StoredFileDamage? damage)
    {
        var length = mapping.Length;
        var trailerAt = length - ContainerFormat.TrailerBytes;
        damage = null;
        if (trailerAt < ContainerFormat.HeaderBytes)
        {
            damage = new(path, 0, null, $"{length} bytes are too few for a stored file");
            return null;
        }

        var header = mapping.Span(0, ContainerFormat.HeaderBytes);
        if (ContainerFormat.ReadHeader(header, out var kind, out var identity) is { } wrong)
        {
            damage = new(path, 0, null, wrong);
            return null;
        }

        var trailer = mapping.Span(trailerAt, ContainerFormat.TrailerBytes);
        if (ContainerFormat.ReadTrailer(trailer, length, out var headerCrc, out var directoryCrc, out var directoryOffset, out var directoryBytes) is { } torn)
        {
            damage = new(path, trailerAt, null, torn);
            return null;
        }

        if (headerCrc != ContainerFormat.CrcIn(header))
        {
            damage = new(path, 0, null, "header and trailer belong to different files");
            return null;
        }

        var directory = mapping.Span(directoryOffset, directoryBytes);
        if (Crc32C.Of(directory) != directoryCrc)
        {
            damage = new(path, directoryOffset, null, "the directory fails its checksum");
            return null;
        }

        if (ContainerDirectory.Decode(directory, directoryOffset, out var fault) is not { } decoded)
        {
            damage = new(path, directoryOffset, null, fault);
            return null;
        }

        var reference = new StoredFileReference(name, length, ContainerFormat.Checksum(headerCrc, directoryCrc));
        return new(mapping, path, reference, kind, identity, decoded, directoryOffset) { closed = closed };
    }

    /// <summary>A section's place; null where the file has none of that name.</summary>
    public StoredSection? Find(string section) => byName.TryGetValue(section, out var found) ? found : null;

    /// <summary>The address of a section's first byte, a multiple of 64; valid until the file is disposed.</summary>
    public byte* Pointer(StoredSection section) => mapping.Pointer + section.Offset;

    /// <summary>Bytes of a section, in place.</summary>
    public ReadOnlySpan<byte> Span(StoredSection section, long offset, int length)
    {
        Invariant.Holds(offset >= 0 && length >= 0 && offset + length <= section.Length, $"a span reaches past section {section.Name} of {Path}");
        return mapping.Span(section.Offset + offset, length);
    }

    /// <summary>A whole section below 2 GiB, in place.</summary>
    public ReadOnlySpan<byte> Span(StoredSection section) => Span(section, 0, checked((int)section.Length));

    /// <summary>Compares one block of 256 KiB with its checksum; null where it is what was written.</summary>
    public StoredFileDamage? VerifyBlock(int block)
    {
        var from = (long)block * ContainerFormat.BlockBytes;
        var length = (int)Math.Min(ContainerFormat.BlockBytes, covered - from);
        if (Crc32C.Of(mapping.Span(from, length)) == directory.Blocks[block])
        {
            return null;
        }

        var hit = Sections.FirstOrDefault(s => s.Length > 0 && s.Offset < from + length && s.Offset + s.Length > from);
        return new(Path, from, hit.Name, $"the block of {length} bytes fails its checksum");
    }

    /// <summary>The first damaged block of those that a section lies in; null where it is what was written.</summary>
    public StoredFileDamage? VerifySection(StoredSection section)
    {
        var last = (int)((section.Offset + Math.Max(1, section.Length) - 1) / ContainerFormat.BlockBytes);
        for (var block = (int)(section.Offset / ContainerFormat.BlockBytes); block <= last && block < Blocks; block++)
        {
            if (VerifyBlock(block) is { } damage)
            {
                return damage;
            }
        }

        return null;
    }

    /// <summary>Every damaged block of the file; <paramref name="progress"/> is told the bytes read so far.</summary>
    /// <exception cref="OperationCanceledException">The check was cancelled.</exception>
    public IReadOnlyList<StoredFileDamage> Verify(Action<long>? progress, CancellationToken cancel)
    {
        var found = new List<StoredFileDamage>();
        for (var block = 0; block < Blocks; block++)
        {
            cancel.ThrowIfCancellationRequested();
            if (VerifyBlock(block) is { } damage)
            {
                found.Add(damage);
            }

            progress?.Invoke(Math.Min((block + 1L) * ContainerFormat.BlockBytes, covered));
        }

        return found;
    }

    public void Dispose()
    {
        mapping.Dispose();
        Interlocked.Exchange(ref closed, null)?.Invoke();
    }
}
