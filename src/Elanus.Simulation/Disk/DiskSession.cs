namespace Elanus.Simulation;

/// <summary>A process's files on a simulated disk. Every call takes virtual time, and takes effect at the end of it.</summary>
internal sealed class DiskSession(SimulatedDisk disk, SimulatedProcess process) : IFileSystem
{
    private readonly List<IAsyncDisposable> held = [];

    private MemoryFileSystem Files => disk.Medium;

    public async ValueTask<IFile?> OpenAsync(string path, FileIntent intent, CancellationToken cancel)
    {
        await disk.Wait(process, DiskCall.Name);
        return await Files.OpenAsync(path, intent, cancel) is { } file ? Held(file) : null;
    }

    public async ValueTask<Result<IFile>> CreateAsync(string path, CancellationToken cancel)
    {
        await disk.Wait(process, DiskCall.Name);
        return (await Files.CreateAsync(path, cancel)).TryGet(out var file, out var why) ? Held(file) : why;
    }

    public async ValueTask<Result<Unit>> RenameAsync(string from, string to, CancellationToken cancel)
    {
        await disk.Wait(process, DiskCall.Name);
        return await Files.RenameAsync(from, to, cancel);
    }

    public async ValueTask<Result<bool>> LinkAsync(string existing, string added, CancellationToken cancel)
    {
        await disk.Wait(process, DiskCall.Name);
        return await Files.LinkAsync(existing, added, cancel);
    }

    public async ValueTask<bool> DeleteAsync(string path, CancellationToken cancel)
    {
        await disk.Wait(process, DiskCall.Name);
        return await Files.DeleteAsync(path, cancel);
    }

    public async ValueTask<Result<Unit>> CreateDirectoryAsync(string path, CancellationToken cancel)
    {
        await disk.Wait(process, DiskCall.Name);
        return await Files.CreateDirectoryAsync(path, cancel);
    }

    public async ValueTask<bool> DeleteDirectoryAsync(string path, CancellationToken cancel)
    {
        await disk.Wait(process, DiskCall.Name);
        return await Files.DeleteDirectoryAsync(path, cancel);
    }

    public async ValueTask<IReadOnlyList<FileEntry>?> ListAsync(string directory, CancellationToken cancel)
    {
        await disk.Wait(process, DiskCall.Name);
        return await Files.ListAsync(directory, cancel);
    }

    public async ValueTask SyncDirectoryAsync(string directory, CancellationToken cancel)
    {
        await disk.Wait(process, DiskCall.Sync);
        await Files.SyncDirectoryAsync(directory, cancel);
    }

    public async ValueTask<IAsyncDisposable?> TryLockAsync(string path, CancellationToken cancel)
    {
        await disk.Wait(process, DiskCall.Name);
        var taken = await Files.TryLockAsync(path, cancel);
        if (taken is not null)
        {
            held.Add(taken);
        }

        return taken;
    }

    public async ValueTask<long> FreeBytesAsync(string directory, CancellationToken cancel)
    {
        await disk.Wait(process, DiskCall.Name);
        return await Files.FreeBytesAsync(directory, cancel);
    }

    public async ValueTask<IFileMapping?> MapAsync(string path, CancellationToken cancel)
    {
        await disk.Wait(process, DiskCall.Name);
        return await Files.MapAsync(path, cancel);
    }

    /// <summary>What the operating system does for a process that is gone. Closing a file in memory completes at once.</summary>
    public void CloseAll()
    {
        foreach (var handle in held)
        {
            var closed = handle.DisposeAsync();
            Invariant.Holds(closed.IsCompletedSuccessfully, "a handle of a simulated disk did not close at once");
        }

        held.Clear();
    }

    private SessionFile Held(IFile file)
    {
        held.Add(file);
        return new(this, file);
    }

    private sealed class SessionFile(DiskSession session, IFile file) : IFile
    {
        public string Path => file.Path;

        public async ValueTask<long> LengthAsync(CancellationToken cancel)
        {
            await session.Wait(DiskCall.Read);
            return await file.LengthAsync(cancel);
        }

        public async ValueTask<int> ReadAsync(long offset, Memory<byte> into, CancellationToken cancel)
        {
            await session.Wait(DiskCall.Read);
            return await file.ReadAsync(offset, into, cancel);
        }

        public async ValueTask<Result<Unit>> WriteAsync(long offset, IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancel)
        {
            await session.Wait(DiskCall.Write);
            return await file.WriteAsync(offset, pieces, cancel);
        }

        public async ValueTask SyncAsync(CancellationToken cancel)
        {
            await session.Wait(DiskCall.Sync);
            await file.SyncAsync(cancel);
        }

        public async ValueTask<Result<Unit>> AllocateAsync(long length, CancellationToken cancel)
        {
            await session.Wait(DiskCall.Name);
            return await file.AllocateAsync(length, cancel);
        }

        public async ValueTask SetLengthAsync(long length, CancellationToken cancel)
        {
            await session.Wait(DiskCall.Name);
            await file.SetLengthAsync(length, cancel);
        }

        public ValueTask DisposeAsync()
        {
            session.held.Remove(file);
            return file.DisposeAsync();
        }
    }

    private ValueTask Wait(DiskCall call) => disk.Wait(process, call);
}
