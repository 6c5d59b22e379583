using Elanus.Primitives;

namespace Elanus.Storage.Tests.Stores;

/// <summary>Takes an image of the disk after a number of changes went through.</summary>
internal sealed class CrashingFileSystem(IFileSystem inner, Func<MemoryFileSystem> crash, int crashAt) : IFileSystem
{
    private int changes;

    public MemoryFileSystem? Image { get; private set; }

    public ValueTask<IFile?> OpenAsync(string path, FileIntent intent, CancellationToken cancel) => inner.OpenAsync(path, intent, cancel);

    public async ValueTask<Result<IFile>> CreateAsync(string path, CancellationToken cancel)
    {
        var made = await inner.CreateAsync(path, cancel);
        Changed();
        return made.TryGet(out var file, out var why) ? Result<IFile>.Ok(new Tapped(file, this)) : why;
    }

    public async ValueTask<Result<Unit>> RenameAsync(string from, string to, CancellationToken cancel) => Changed(await inner.RenameAsync(from, to, cancel));

    public async ValueTask<Result<bool>> LinkAsync(string existing, string added, CancellationToken cancel) => Changed(await inner.LinkAsync(existing, added, cancel));

    public async ValueTask<bool> DeleteAsync(string path, CancellationToken cancel) => Changed(await inner.DeleteAsync(path, cancel));

    public ValueTask<Result<Unit>> CreateDirectoryAsync(string path, CancellationToken cancel) => inner.CreateDirectoryAsync(path, cancel);

    public ValueTask<bool> DeleteDirectoryAsync(string path, CancellationToken cancel) => inner.DeleteDirectoryAsync(path, cancel);

    public ValueTask<IReadOnlyList<FileEntry>?> ListAsync(string directory, CancellationToken cancel) => inner.ListAsync(directory, cancel);

    public async ValueTask SyncDirectoryAsync(string directory, CancellationToken cancel)
    {
        await inner.SyncDirectoryAsync(directory, cancel);
        Changed();
    }

    public ValueTask<IAsyncDisposable?> TryLockAsync(string path, CancellationToken cancel) => inner.TryLockAsync(path, cancel);

    public ValueTask<long> FreeBytesAsync(string directory, CancellationToken cancel) => inner.FreeBytesAsync(directory, cancel);

    public ValueTask<IFileMapping?> MapAsync(string path, CancellationToken cancel) => inner.MapAsync(path, cancel);

    private T Changed<T>(T result)
    {
        Changed();
        return result;
    }

    private void Changed()
    {
        if (changes++ == crashAt)
        {
            Image = crash();
        }
    }

    private sealed class Tapped(IFile inner, CrashingFileSystem owner) : IFile
    {
        public string Path => inner.Path;

        public ValueTask<long> LengthAsync(CancellationToken cancel) => inner.LengthAsync(cancel);

        public ValueTask<int> ReadAsync(long offset, Memory<byte> into, CancellationToken cancel) => inner.ReadAsync(offset, into, cancel);

        public async ValueTask<Result<Unit>> WriteAsync(long offset, IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancel) =>
            owner.Changed(await inner.WriteAsync(offset, pieces, cancel));

        public async ValueTask SyncAsync(CancellationToken cancel)
        {
            await inner.SyncAsync(cancel);
            owner.Changed();
        }

        public ValueTask<Result<Unit>> AllocateAsync(long length, CancellationToken cancel) => inner.AllocateAsync(length, cancel);

        public ValueTask SetLengthAsync(long length, CancellationToken cancel) => inner.SetLengthAsync(length, cancel);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
