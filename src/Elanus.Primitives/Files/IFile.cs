namespace Elanus.Primitives;

/// <summary>
/// An open file. Offsets and lengths are bytes. Calls may overlap, but one write and another access to the same bytes must not.
/// A call that was begun is not cut short by its token.
/// </summary>
public interface IFile : IAsyncDisposable
{
    /// <summary>
    /// Who writes a large file in pieces syncs it whenever so many bytes were written: file systems that commit in order make the next sync of any other file wait for all of
    /// them, and a log that stands still for half a second has lost its epoch.
    /// </summary>
    const long UnsyncedBytesMax = 8 << 20;

    string Path { get; }

    ValueTask<long> LengthAsync(CancellationToken cancel);

    /// <summary>Fills <paramref name="into"/> from <paramref name="offset"/>; fewer bytes come back only at the end of the file.</summary>
    ValueTask<int> ReadAsync(long offset, Memory<byte> into, CancellationToken cancel);

    /// <summary>
    /// Writes the pieces one behind the other. After <see cref="FailureCode.QuotaExceeded"/> any part of them may stand in the file.
    /// </summary>
    ValueTask<Result<Unit>> WriteAsync(long offset, IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancel);

    /// <summary>
    /// Makes the bytes and the length durable. Throws <see cref="FailedSyncException"/>: what was written since the last success is then
    /// in an unknown state that no second try repairs, so the owner ends the process. An open file is told once of what the disk refused, whoever wrote that: of two
    /// syncs at the same time each needs an opened file of its own.
    /// </summary>
    ValueTask SyncAsync(CancellationToken cancel);

    /// <summary>Writes and, where that succeeded, syncs.</summary>
    async ValueTask<Result<Unit>> WriteDurablyAsync(long offset, IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancel)
    {
        var written = await WriteAsync(offset, pieces, cancel);
        if (written.Succeeded)
        {
            await SyncAsync(cancel);
        }

        return written;
    }

    /// <summary>
    /// The same, and says in between that the file system took the write: <paramref name="taken"/> is called once, by any thread, before the sync, and not at all where the write
    /// was refused.
    /// </summary>
    async ValueTask<Result<Unit>> WriteDurablyAsync(long offset, IReadOnlyList<ReadOnlyMemory<byte>> pieces, Action taken, CancellationToken cancel)
    {
        var written = await WriteAsync(offset, pieces, cancel);
        if (written.Succeeded)
        {
            taken();
            await SyncAsync(cancel);
        }

        return written;
    }

    /// <summary>Grows the file to at least this length, with room reserved on the disk; the new bytes read as zeros.</summary>
    ValueTask<Result<Unit>> AllocateAsync(long length, CancellationToken cancel);

    /// <summary>Cuts the file, or grows it with zeros for which no room is reserved.</summary>
    ValueTask SetLengthAsync(long length, CancellationToken cancel);
}
