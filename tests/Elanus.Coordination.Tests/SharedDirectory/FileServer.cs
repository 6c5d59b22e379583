namespace Elanus.Coordination.Tests.SharedDirectory;

/// <summary>
/// A disk in memory that several processes reach through <see cref="Mount"/>s. It can lose its power: what was not synced is then kept or lost piece by
/// piece, and what was open is gone.
/// </summary>
internal sealed class FileServer
{
    public MemoryFileSystem Disk { get; private set; } = new();

    public int Starts { get; private set; }

    public void LosePower(IRandomSource random)
    {
        Disk = Disk.CrashImage(random);
        Starts++;
    }

    /// <summary>One process's way to it; each step waits for <paramref name="before"/>, which names the operation and the path.</summary>
    public IFileSystem Mount(Func<string, string, Task> before) => new Mounted(this, before);

    private sealed class Mounted(FileServer server, Func<string, string, Task> before) : IFileSystem
    {
        public async ValueTask<IFile?> OpenAsync(string path, FileIntent intent, CancellationToken cancel) =>
            await (await Step("open", path)).OpenAsync(path, intent, cancel) is { } file ? new OpenFile(server, before, file) : null;

        public async ValueTask<Result<IFile>> CreateAsync(string path, CancellationToken cancel) =>
            (await (await Step("create", path)).CreateAsync(path, cancel)).TryGet(out var file, out var why) ? new OpenFile(server, before, file) : why;

        public async ValueTask<Result<Unit>> RenameAsync(string from, string to, CancellationToken cancel) => await (await Step("rename", to)).RenameAsync(from, to, cancel);

        public async ValueTask<Result<bool>> LinkAsync(string existing, string added, CancellationToken cancel) => await (await Step("link", added)).LinkAsync(existing, added, cancel);

        public async ValueTask<bool> DeleteAsync(string path, CancellationToken cancel) => await (await Step("delete", path)).DeleteAsync(path, cancel);

        public async ValueTask<Result<Unit>> CreateDirectoryAsync(string path, CancellationToken cancel) => await (await Step("mkdir", path)).CreateDirectoryAsync(path, cancel);

        public async ValueTask<bool> DeleteDirectoryAsync(string path, CancellationToken cancel) => await (await Step("rmdir", path)).DeleteDirectoryAsync(path, cancel);

        public async ValueTask<IReadOnlyList<FileEntry>?> ListAsync(string directory, CancellationToken cancel) => await (await Step("list", directory)).ListAsync(directory, cancel);

        public async ValueTask SyncDirectoryAsync(string directory, CancellationToken cancel) => await (await Step("sync", directory)).SyncDirectoryAsync(directory, cancel);

        public ValueTask<IAsyncDisposable?> TryLockAsync(string path, CancellationToken cancel) => throw new NotSupportedException();

        public ValueTask<long> FreeBytesAsync(string directory, CancellationToken cancel) => throw new NotSupportedException();

        public ValueTask<IFileMapping?> MapAsync(string path, CancellationToken cancel) => throw new NotSupportedException();

        private async ValueTask<MemoryFileSystem> Step(string operation, string path)
        {
            await before(operation, path);
            return server.Disk;
        }
    }

    private sealed class OpenFile(FileServer server, Func<string, string, Task> before, IFile file) : IFile
    {
        private readonly int start = server.Starts;

        public string Path => file.Path;

        public async ValueTask<long> LengthAsync(CancellationToken cancel) => await (await Step("length")).LengthAsync(cancel);

        public async ValueTask<int> ReadAsync(long offset, Memory<byte> into, CancellationToken cancel) => await (await Step("read")).ReadAsync(offset, into, cancel);

        public async ValueTask<Result<Unit>> WriteAsync(long offset, IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancel) => await (await Step("write")).WriteAsync(offset, pieces, cancel);

        public async ValueTask SyncAsync(CancellationToken cancel) => await (await Step("fsync")).SyncAsync(cancel);

        public ValueTask<Result<Unit>> AllocateAsync(long length, CancellationToken cancel) => throw new NotSupportedException();

        public ValueTask SetLengthAsync(long length, CancellationToken cancel) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => file.DisposeAsync();

        private async ValueTask<IFile> Step(string operation)
        {
            await before(operation, Path);
            return start == server.Starts ? file : throw new IOException($"{Path}: stale file handle");
        }
    }
}
