namespace Elanus.Primitives;

/// <summary>Counts what passes to another file system, and can make every sync of a file last longer. Any thread may call it.</summary>
public sealed class CountingFileSystem(IFileSystem inner, TimeProvider time) : IFileSystem
{
    private readonly TimeProvider time = time;
    private long calls;
    private long reads;
    private long writes;
    private long bytesRead;
    private long bytesWritten;
    private long syncs;
    private long directorySyncs;

    /// <summary>Added to every sync of a file, before it; as durable media take it.</summary>
    public TimeSpan SyncDelay { get; set; }

    public long Calls => Interlocked.Read(ref calls);

    public long Reads => Interlocked.Read(ref reads);

    public long Writes => Interlocked.Read(ref writes);

    public long BytesRead => Interlocked.Read(ref bytesRead);

    public long BytesWritten => Interlocked.Read(ref bytesWritten);

    public long Syncs => Interlocked.Read(ref syncs);

    public long DirectorySyncs => Interlocked.Read(ref directorySyncs);

    public async ValueTask<IFile?> OpenAsync(string path, FileIntent intent, CancellationToken cancel) =>
        await Counted().OpenAsync(path, intent, cancel) is { } file ? new CountedFile(this, file) : null;

    public async ValueTask<Result<IFile>> CreateAsync(string path, CancellationToken cancel) =>
        (await Counted().CreateAsync(path, cancel)).TryGet(out var file, out var why) ? new CountedFile(this, file) : why;

    public ValueTask<Result<Unit>> RenameAsync(string from, string to, CancellationToken cancel) => Counted().RenameAsync(from, to, cancel);

    public ValueTask<Result<bool>> LinkAsync(string existing, string added, CancellationToken cancel) =>
        Counted().LinkAsync(existing, added, cancel);

    public ValueTask<bool> DeleteAsync(string path, CancellationToken cancel) => Counted().DeleteAsync(path, cancel);

    public ValueTask<Result<Unit>> CreateDirectoryAsync(string path, CancellationToken cancel) => Counted().CreateDirectoryAsync(path, cancel);

    public ValueTask<bool> DeleteDirectoryAsync(string path, CancellationToken cancel) => Counted().DeleteDirectoryAsync(path, cancel);

    public ValueTask<IReadOnlyList<FileEntry>?> ListAsync(string directory, CancellationToken cancel) => Counted().ListAsync(directory, cancel);

    public ValueTask SyncDirectoryAsync(string directory, CancellationToken cancel)
    {
        Interlocked.Increment(ref directorySyncs);
        return Counted().SyncDirectoryAsync(directory, cancel);
    }

    public ValueTask<IAsyncDisposable?> TryLockAsync(string path, CancellationToken cancel) => Counted().TryLockAsync(path, cancel);

    public ValueTask<long> FreeBytesAsync(string directory, CancellationToken cancel) => Counted().FreeBytesAsync(directory, cancel);

    public ValueTask<IFileMapping?> MapAsync(string path, CancellationToken cancel) => Counted().MapAsync(path, cancel);

    private IFileSystem Counted()
    {
        Interlocked.Increment(ref calls);
        return inner;
    }

    private sealed class CountedFile(CountingFileSystem counts, IFile file) : IFile
    {
        public string Path => file.Path;

        public ValueTask<long> LengthAsync(CancellationToken cancel)
        {
            counts.Counted();
            return file.LengthAsync(cancel);
        }

        public async ValueTask<int> ReadAsync(long offset, Memory<byte> into, CancellationToken cancel)
        {
            counts.Counted();
            Interlocked.Increment(ref counts.reads);
            var read = await file.ReadAsync(offset, into, cancel);
            Interlocked.Add(ref counts.bytesRead, read);
            return read;
        }

        public ValueTask<Result<Unit>> WriteAsync(long offset, IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancel)
        {
            counts.Counted();
            Interlocked.Increment(ref counts.writes);
            foreach (var piece in pieces)
            {
                Interlocked.Add(ref counts.bytesWritten, piece.Length);
            }

            return file.WriteAsync(offset, pieces, cancel);
        }

        public async ValueTask SyncAsync(CancellationToken cancel)
        {
            counts.Counted();
            Interlocked.Increment(ref counts.syncs);
            if (counts.SyncDelay > TimeSpan.Zero)
            {
                await Task.Delay(counts.SyncDelay, counts.time, cancel);
            }

            await file.SyncAsync(cancel);
        }

        public ValueTask<Result<Unit>> AllocateAsync(long length, CancellationToken cancel)
        {
            counts.Counted();
            return file.AllocateAsync(length, cancel);
        }

        public ValueTask SetLengthAsync(long length, CancellationToken cancel)
        {
            counts.Counted();
            return file.SetLengthAsync(length, cancel);
        }

        public ValueTask DisposeAsync() => file.DisposeAsync();
    }
}
