namespace Elanus.Primitives;

/// <summary>An open file of a <see cref="MemoryFileSystem"/>.</summary>
internal sealed class MemoryFile(MemoryFileSystem owner, string path, SectorFile file, FileIntent intent) : IFile
{
    private bool closed;

    public string Path => path;

    public ValueTask<long> LengthAsync(CancellationToken cancel) => new(Access(() => file.Length, cancel));

    public ValueTask<int> ReadAsync(long offset, Memory<byte> into, CancellationToken cancel) =>
        new(Access(() => file.Read(offset, into.Span), cancel));

    public ValueTask<Result<Unit>> WriteAsync(long offset, IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancel) =>
        new(Access(() =>
        {
            MayWrite();
            foreach (var piece in pieces)
            {
                if (!owner.TryGrow(file, offset + piece.Length))
                {
                    // A real disk, too, takes what still fits before it says that it is full.
                    var room = (int)Math.Clamp(file.Length - offset, 0, piece.Length);
                    file.Write(offset, piece.Span[..room]);
                    return DiskFull.For(path);
                }

                file.Write(offset, piece.Span);
                offset += piece.Length;
            }

            return Result.Ok;
        }, cancel));

    public ValueTask SyncAsync(CancellationToken cancel)
    {
        Access(() =>
        {
            switch (owner.Faults.Sync(path))
            {
                case SyncFate.Honest:
                    file.Sync();
                    break;
                case SyncFate.Failed:
                    file.FailSync();
                    throw new FailedSyncException(path, "simulated");
            }

            return true;
        }, cancel);
        return ValueTask.CompletedTask;
    }

    public ValueTask<Result<Unit>> AllocateAsync(long length, CancellationToken cancel) =>
        new(Access(() =>
        {
            MayWrite();
            if (length <= file.Length)
            {
                return Result.Ok;
            }

            if (!owner.TryGrow(file, length))
            {
                return DiskFull.For(path);
            }

            file.SetLength(length);
            return Result.Ok;
        }, cancel));

    public ValueTask SetLengthAsync(long length, CancellationToken cancel)
    {
        Access(() =>
        {
            MayWrite();
            if (!owner.TryGrow(file, length))
            {
                throw new IOException($"growing {path} failed: the disk is full");
            }

            owner.Shrunk(Math.Max(0, file.Length - length));
            file.SetLength(length);
            return true;
        }, cancel);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        owner.Locked(() =>
        {
            if (!closed)
            {
                closed = true;
                owner.Released(file);
            }

            return true;
        });
        return ValueTask.CompletedTask;
    }

    private void MayWrite() =>
        Invariant.Holds(intent == FileIntent.ReadWrite, $"{path} was opened for reading and is written");

    private T Access<T>(Func<T> access, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return owner.Locked(() =>
        {
            ObjectDisposedException.ThrowIf(closed, this);
            return access();
        });
    }
}
