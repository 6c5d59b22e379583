namespace Elanus.Primitives;

/// <summary>An open file of a <see cref="MemoryFileSystem"/>.</summary>
internal sealed class MemoryFile(MemoryFileSystem owner, string path, SectorFile file, FileIntent intent) : IFile
{
    private bool closed;
    private int failuresTold = file.FailedSyncs;

    public string Path => path;

    public ValueTask<long> LengthAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (owner.Gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            return new(file.Length);
        }
    }

    public ValueTask<int> ReadAsync(long offset, Memory<byte> into, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (owner.Gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            return new(file.Read(offset, into.Span));
        }
    }

    public ValueTask<Result<Unit>> WriteAsync(long offset, IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (owner.Gate)
        {
            MayWrite();
            for (var i = 0; i < pieces.Count; i++)
            {
                var piece = pieces[i].Span;
                if (!owner.TryGrow(file, offset + piece.Length))
                {
                    // A real disk, too, takes what still fits before it says that it is full.
                    var room = (int)Math.Clamp(file.Length - offset, 0, piece.Length);
                    file.Write(offset, piece[..room]);
                    return new(DiskFull.For(path));
                }

                file.Write(offset, piece);
                offset += piece.Length;
            }

            return new(Result.Ok);
        }
    }

    public ValueTask SyncAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (owner.Gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            switch (owner.Faults.Sync(path))
            {
                case SyncFate.Honest:
                    file.Sync();
                    break;
                case SyncFate.Failed:
                    file.FailSync();
                    break;
            }

            // As the kernel does it: every open file is told of a failure by its next sync, once, whoever's sync met it.
            if (failuresTold < file.FailedSyncs)
            {
                failuresTold = file.FailedSyncs;
                throw new FailedSyncException(path, "simulated");
            }

            return ValueTask.CompletedTask;
        }
    }

    public ValueTask<Result<Unit>> AllocateAsync(long length, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (owner.Gate)
        {
            MayWrite();
            if (length <= file.Length)
            {
                return new(Result.Ok);
            }

            if (!owner.TryGrow(file, length))
            {
                return new(DiskFull.For(path));
            }

            file.SetLength(length);
            return new(Result.Ok);
        }
    }

    public ValueTask SetLengthAsync(long length, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (owner.Gate)
        {
            MayWrite();
            if (!owner.TryGrow(file, length))
            {
                throw new IOException($"growing {path} failed: the disk is full");
            }

            owner.Shrunk(Math.Max(0, file.Length - length));
            file.SetLength(length);
            return ValueTask.CompletedTask;
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (owner.Gate)
        {
            if (!closed)
            {
                closed = true;
                owner.Released(file);
            }

            return ValueTask.CompletedTask;
        }
    }

    private void MayWrite()
    {
        ObjectDisposedException.ThrowIf(closed, this);
        Invariant.Holds(intent == FileIntent.ReadWrite, $"{path} was opened for reading and is written");
    }
}
