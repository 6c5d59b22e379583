using Elanus.Primitives;

namespace Elanus.Storage;

/// <summary>
/// Immutable files under names that are never used twice. A name leads to a whole, durable file or to nothing. Whoever reads a file pins it; a
/// deletion takes the name when the last pin goes. Any thread may call it.
/// </summary>
public interface ISegmentStore : IAsyncDisposable
{
    /// <summary>A file that is to be deleted stays for now, since somebody pins it: its name and length. On any thread.</summary>
    event Action<StoredFileEntry>? Outlived;

    /// <summary>
    /// Begins a file. The name has letters, digits, '-', '_' and '.', and must not be in use (a bug otherwise): look with <see cref="OpenAsync"/> where
    /// it may be. Fails where the disk is full.
    /// </summary>
    /// <param name="name">The file's name.</param>
    /// <param name="kind">What it holds.</param>
    /// <param name="identity">Of what.</param>
    /// <param name="room">Bytes that must be free before it is begun, or nothing is written; 0 where nobody knows what it needs.</param>
    /// <param name="cancel">Ends it early.</param>
    ValueTask<Result<StoredFileWriter>> CreateAsync(string name, StoredFileKind kind, StoredFileIdentity identity, long room, CancellationToken cancel);

    /// <summary>Maps a file and pins it until it is disposed; null where there is none of that name, or it is being deleted.</summary>
    /// <exception cref="StoredFileDamagedException">Its ends or its directory are damaged.</exception>
    ValueTask<StoredFile?> OpenAsync(string name, CancellationToken cancel);

    /// <summary>Keeps a file from being deleted until the pin is disposed; null where there is none, or it is being deleted.</summary>
    ValueTask<IDisposable?> PinAsync(string name, CancellationToken cancel);

    /// <summary>Takes the name of a file as soon as nothing pins it: now, or when the last pin goes. A name that is not there is passed over.</summary>
    ValueTask DeleteAsync(string name, CancellationToken cancel);

    /// <summary>Names and lengths of all whole files, those being deleted left out, in ordinal order.</summary>
    ValueTask<IReadOnlyList<StoredFileEntry>> ListAsync(CancellationToken cancel);
}
