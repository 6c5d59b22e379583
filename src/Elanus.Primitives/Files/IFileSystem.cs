namespace Elanus.Primitives;

/// <summary>
/// The one road to the disk. Names are paths with '/' between their parts. What is not synced may be lost or kept, in any combination, when
/// the machine stops: a file's bytes until <see cref="IFile.SyncAsync"/>, a name (made, replaced, removed) until <see cref="SyncDirectoryAsync"/>
/// of its directory. Operations that need room answer <see cref="FailureCode.QuotaExceeded"/> where there is none; other refusals of the
/// operating system are exceptions (<see cref="IOException"/>). Any thread may call it.
/// </summary>
public interface IFileSystem
{
    /// <summary>Opens a file that exists; null where there is none of that name.</summary>
    ValueTask<IFile?> OpenAsync(string path, FileIntent intent, CancellationToken cancel);

    /// <summary>Makes an empty file and opens it for reading and writing. A file that is there already is an <see cref="IOException"/>.</summary>
    ValueTask<Result<IFile>> CreateAsync(string path, CancellationToken cancel);

    /// <summary>Gives a file another name, in one step; a file that had that name is replaced.</summary>
    ValueTask<Result<Unit>> RenameAsync(string from, string to, CancellationToken cancel);

    /// <summary>Gives a file a second name unless that name is taken: true where this call made it. Of two that race, one wins.</summary>
    ValueTask<Result<bool>> LinkAsync(string existing, string added, CancellationToken cancel);

    /// <summary>Removes a name; false where there was none. Open files and mappings stay readable.</summary>
    ValueTask<bool> DeleteAsync(string path, CancellationToken cancel);

    /// <summary>Makes a directory and those above it; one that is there already is fine.</summary>
    ValueTask<Result<Unit>> CreateDirectoryAsync(string path, CancellationToken cancel);

    /// <summary>Removes an empty directory; false where there was none.</summary>
    ValueTask<bool> DeleteDirectoryAsync(string path, CancellationToken cancel);

    /// <summary>The entries of a directory in ordinal order of their names; null where there is no such directory.</summary>
    ValueTask<IReadOnlyList<FileEntry>?> ListAsync(string directory, CancellationToken cancel);

    /// <summary>Makes the names in a directory durable. Throws <see cref="FailedSyncException"/>, after which the process ends.</summary>
    ValueTask SyncDirectoryAsync(string directory, CancellationToken cancel);

    /// <summary>Locks a file (made if missing) against every other holder; null while another holds it. The end of the process frees it.</summary>
    ValueTask<IAsyncDisposable?> TryLockAsync(string path, CancellationToken cancel);

    /// <summary>Bytes that may still be written below a directory that exists.</summary>
    ValueTask<long> FreeBytesAsync(string directory, CancellationToken cancel);

    /// <summary>Maps a file for reading, at the length that it has now; null where there is none of that name.</summary>
    ValueTask<IFileMapping?> MapAsync(string path, CancellationToken cancel);
}
