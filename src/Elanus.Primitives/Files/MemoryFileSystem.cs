namespace Elanus.Primitives;

/// <summary>
/// A file system in memory that can crash. It models: bytes durable at a file's sync, names durable at their directory's sync, everything
/// else kept or lost by sector and by name; a full disk; lost and failed syncs; flipped bits. It does not model failing reads.
/// Calls complete at once. Any thread may call it.
/// </summary>
public sealed class MemoryFileSystem : IFileSystem
{
    private readonly Lock gate = new();
    private readonly MemoryNames names;
    private readonly HashSet<string> locks = [];

    public MemoryFileSystem()
        : this(new MemoryNames())
    {
    }

    private MemoryFileSystem(MemoryNames names) => this.names = names;

    public DiskFaults Faults { get; init; } = new();

    /// <summary>Bytes of all files that a name or an open handle leads to.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>
    /// The disk as a crash at this moment could leave it, one of many by the random source. This file system goes on untouched, so one
    /// moment can be crashed many times. Locks and open files do not survive.
    /// </summary>
    public MemoryFileSystem CrashImage(IRandomSource random)
    {
        lock (gate)
        {
            var left = new MemoryFileSystem(names.AfterCrash(new CrashChoices(random))) { Faults = new() { CapacityBytes = Faults.CapacityBytes } };
            left.UsedBytes = left.names.Files().Sum(file => file.Length);
            return left;
        }
    }

    /// <summary>Damages one bit of the medium, under every cache.</summary>
    public void FlipBit(string path, long offset, int bit)
    {
        lock (gate)
        {
            var file = names.Find(Normal(path)) ?? throw new IOException($"no file {path} to damage");
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, file.Length);
            file.FlipBit(offset, bit);
        }
    }

    public ValueTask<IFile?> OpenAsync(string path, FileIntent intent, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (gate)
        {
            return new(names.Find(Normal(path)) is { } file ? Handle(path, file, intent) : null);
        }
    }

    public ValueTask<Result<IFile>> CreateAsync(string path, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (UsedBytes >= Faults.CapacityBytes)
            {
                return new(DiskFull.For(path));
            }

            var file = new SectorFile();
            if (!names.Add(Normal(path), file))
            {
                throw new IOException($"creating {path} failed: it exists");
            }

            return new(Result<IFile>.Ok(Handle(path, file, FileIntent.ReadWrite)));
        }
    }

    public ValueTask<Result<Unit>> RenameAsync(string from, string to, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (gate)
        {
            Released(names.Rename(Normal(from), Normal(to)));
            return new(Result.Ok);
        }
    }

    public ValueTask<Result<bool>> LinkAsync(string existing, string added, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (gate)
        {
            var file = names.Find(Normal(existing)) ?? throw new IOException($"linking {existing} failed: there is no such file");
            return new(Result<bool>.Ok(names.Add(Normal(added), file)));
        }
    }

    public ValueTask<bool> DeleteAsync(string path, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (gate)
        {
            var removed = names.Remove(Normal(path));
            Released(removed);
            return new(removed is not null);
        }
    }

    public ValueTask<Result<Unit>> CreateDirectoryAsync(string path, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (gate)
        {
            names.AddDirectory(Normal(path));
            return new(Result.Ok);
        }
    }

    public ValueTask<bool> DeleteDirectoryAsync(string path, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (gate)
        {
            return new(names.RemoveDirectory(Normal(path)));
        }
    }

    public ValueTask<IReadOnlyList<FileEntry>?> ListAsync(string directory, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (gate)
        {
            return new(names.List(Normal(directory)));
        }
    }

    public ValueTask SyncDirectoryAsync(string directory, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (gate)
        {
            var path = Normal(directory);
            if (!names.HasDirectory(path))
            {
                throw new IOException($"syncing {directory} failed: there is no such directory");
            }

            switch (Faults.Sync(directory))
            {
                case SyncFate.Honest:
                    names.Sync(path);
                    break;
                case SyncFate.Failed:
                    throw new FailedSyncException(directory, "simulated");
            }

            return ValueTask.CompletedTask;
        }
    }

    public ValueTask<IAsyncDisposable?> TryLockAsync(string path, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (gate)
        {
            var normal = Normal(path);
            if (!locks.Add(normal))
            {
                return new((IAsyncDisposable?)null);
            }

            if (names.Find(normal) is null)
            {
                names.Add(normal, new SectorFile());
            }

            return new(new HeldLock(this, normal));
        }
    }

    public ValueTask<long> FreeBytesAsync(string directory, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (gate)
        {
            return new(Math.Max(0, Faults.CapacityBytes - UsedBytes));
        }
    }

    public ValueTask<IFileMapping?> MapAsync(string path, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (gate)
        {
            return new(names.Find(Normal(path)) is { } file ? new MemoryFileMapping(file) : null);
        }
    }

    /// <summary>Held by its files while they read or change what is here.</summary>
    internal Lock Gate => gate;

    /// <summary>Changes a file's length within the capacity; false where that does not suffice. Called under the lock.</summary>
    internal bool TryGrow(SectorFile file, long length)
    {
        var grown = Math.Max(0, length - file.Length);
        // Writing over what is there takes no room, on however full a disk.
        if (grown > 0 && UsedBytes > Faults.CapacityBytes - grown)
        {
            return false;
        }

        UsedBytes += grown;
        return true;
    }

    internal void Shrunk(long bytes) => UsedBytes -= bytes;

    /// <summary>A name or handle has let go of a file. Called under the lock.</summary>
    internal void Released(SectorFile? file)
    {
        if (file is not null && --file.References == 0)
        {
            UsedBytes -= file.Length;
        }
    }

    private static string Normal(string path) => path.StartsWith('/') && !path.EndsWith('/') && !path.Contains("//", StringComparison.Ordinal)
        ? path
        : "/" + string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries));

    private MemoryFile Handle(string path, SectorFile file, FileIntent intent)
    {
        file.References++;
        return new MemoryFile(this, path, file, intent);
    }

    private sealed class HeldLock(MemoryFileSystem owner, string path) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            lock (owner.gate)
            {
                owner.locks.Remove(path);
            }

            return ValueTask.CompletedTask;
        }
    }
}
