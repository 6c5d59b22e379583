using Elanus.Primitives;

namespace Elanus.Engine.Tests;

/// <summary>Files whose bits flip under those who have them mapped, as on a real disk: the mappings of the files in memory are copies.</summary>
internal sealed class RottingFiles(IFileSystem files) : IFileSystem
{
    private readonly Lock gate = new();
    private readonly List<Mapped> mapped = [];

    /// <summary>Mappings that there are.</summary>
    public int Mappings
    {
        get
        {
            lock (gate)
            {
                return mapped.Count;
            }
        }
    }

    /// <summary>Flips a bit in every mapping of a file that there is.</summary>
    public unsafe void Rot(string path, long offset)
    {
        lock (gate)
        {
            mapped.FindAll(mapping => mapping.Path == path).ForEach(mapping => mapping.Pointer[offset] ^= 1);
        }
    }

    public async ValueTask<IFileMapping?> MapAsync(string path, CancellationToken cancel)
    {
        if (await files.MapAsync(path, cancel) is not { } inner)
        {
            return null;
        }

        lock (gate)
        {
            mapped.Add(new(path, inner, this));
            return mapped[^1];
        }
    }

    public ValueTask<IFile?> OpenAsync(string path, FileIntent intent, CancellationToken cancel) => files.OpenAsync(path, intent, cancel);

    public ValueTask<Result<IFile>> CreateAsync(string path, CancellationToken cancel) => files.CreateAsync(path, cancel);

    public ValueTask<Result<Unit>> RenameAsync(string from, string to, CancellationToken cancel) => files.RenameAsync(from, to, cancel);

    public ValueTask<Result<bool>> LinkAsync(string existing, string added, CancellationToken cancel) => files.LinkAsync(existing, added, cancel);

    public ValueTask<bool> DeleteAsync(string path, CancellationToken cancel) => files.DeleteAsync(path, cancel);

    public ValueTask<Result<Unit>> CreateDirectoryAsync(string path, CancellationToken cancel) => files.CreateDirectoryAsync(path, cancel);

    public ValueTask<bool> DeleteDirectoryAsync(string path, CancellationToken cancel) => files.DeleteDirectoryAsync(path, cancel);

    public ValueTask<IReadOnlyList<FileEntry>?> ListAsync(string directory, CancellationToken cancel) => files.ListAsync(directory, cancel);

    public ValueTask SyncDirectoryAsync(string directory, CancellationToken cancel) => files.SyncDirectoryAsync(directory, cancel);

    public ValueTask<IAsyncDisposable?> TryLockAsync(string path, CancellationToken cancel) => files.TryLockAsync(path, cancel);

    public ValueTask<long> FreeBytesAsync(string directory, CancellationToken cancel) => files.FreeBytesAsync(directory, cancel);

    private sealed unsafe class Mapped(string path, IFileMapping inner, RottingFiles files) : IFileMapping
    {
        public string Path => path;

        public long Length => inner.Length;

        public byte* Pointer => inner.Pointer;

        public ReadOnlySpan<byte> Span(long offset, int length) => inner.Span(offset, length);

        public void Dispose()
        {
            lock (files.gate)
            {
                files.mapped.Remove(this);
            }

            inner.Dispose();
        }
    }
}
