using Elanus.Primitives;

namespace Elanus.Log.Tests;

/// <summary>Tells of every change to a file system, just after it was made, and can refuse a write halfway, as a disk without room does.</summary>
internal sealed class TappedFileSystem(MemoryFileSystem inner) : IFileSystem
{
    /// <summary>A log's tasks change files at the same time; whoever is told hears of one change after the other.</summary>
    private readonly Lock telling = new();

    public Action Changed { get; set; } = () => { };

    /// <summary>Awaited before each sync of a file.</summary>
    public Func<Task> BeforeSync { get; set; } = () => Task.CompletedTask;

    /// <summary>Awaited after each sync of a file, before whoever asked for it hears of it: what was written meanwhile it did not cover.</summary>
    public Func<Task> AfterSync { get; set; } = () => Task.CompletedTask;

    /// <summary>Awaited before each opening of a file for writing.</summary>
    public Func<string, Task> BeforeOpen { get; set; } = _ => Task.CompletedTask;

    /// <summary>Asked at each write of so many bytes to a file: how many of them are taken before it is refused; null to take it.</summary>
    public Func<string, long, long?> Refusal { get; set; } = (_, _) => null;

    /// <summary>From now on syncs last, each for its own time. What is written meanwhile a sync covers, or does not: a disk may do either.</summary>
    public void EndSyncsInAnyOrder(IRandomSource random, bool coversWhatComesMeanwhile)
    {
        async Task Turns()
        {
            for (var turns = random.NextUInt64() % 40; turns > 0; turns--)
            {
                await Task.Yield();
            }
        }

        BeforeSync = coversWhatComesMeanwhile ? Turns : () => Task.CompletedTask;
        AfterSync = coversWhatComesMeanwhile ? () => Task.CompletedTask : Turns;
    }

    /// <summary>Refuses the next write of at least so many bytes: not the mark of an idle log, which is small, may come at any moment and needs no answer.</summary>
    public void RefuseFirst(long bytesMin, long taken)
    {
        var refused = false;
        Refusal = (_, bytes) =>
        {
            var isMeant = bytes >= bytesMin && !refused;
            refused |= isMeant;
            return isMeant ? taken : null;
        };
    }

    public async ValueTask<IFile?> OpenAsync(string path, FileIntent intent, CancellationToken cancel)
    {
        await (intent == FileIntent.ReadWrite ? BeforeOpen(path) : Task.CompletedTask);
        return await inner.OpenAsync(path, intent, cancel) is { } file ? new Tapped(this, file) : null;
    }

    public async ValueTask<Result<IFile>> CreateAsync(string path, CancellationToken cancel) =>
        Told(await inner.CreateAsync(path, cancel)).TryGet(out var file, out var why) ? new Tapped(this, file) : why;

    public async ValueTask<Result<Unit>> RenameAsync(string from, string to, CancellationToken cancel) =>
        Told(await inner.RenameAsync(from, to, cancel));

    public async ValueTask<Result<bool>> LinkAsync(string existing, string added, CancellationToken cancel) =>
        Told(await inner.LinkAsync(existing, added, cancel));

    public async ValueTask<bool> DeleteAsync(string path, CancellationToken cancel) => Told(await inner.DeleteAsync(path, cancel));

    public async ValueTask<Result<Unit>> CreateDirectoryAsync(string path, CancellationToken cancel) =>
        Told(await inner.CreateDirectoryAsync(path, cancel));

    public ValueTask<bool> DeleteDirectoryAsync(string path, CancellationToken cancel) => inner.DeleteDirectoryAsync(path, cancel);

    public ValueTask<IReadOnlyList<FileEntry>?> ListAsync(string directory, CancellationToken cancel) => inner.ListAsync(directory, cancel);

    public async ValueTask SyncDirectoryAsync(string directory, CancellationToken cancel)
    {
        await inner.SyncDirectoryAsync(directory, cancel);
        Tell();
    }

    public ValueTask<IAsyncDisposable?> TryLockAsync(string path, CancellationToken cancel) => inner.TryLockAsync(path, cancel);

    public ValueTask<long> FreeBytesAsync(string directory, CancellationToken cancel) => inner.FreeBytesAsync(directory, cancel);

    public ValueTask<IFileMapping?> MapAsync(string path, CancellationToken cancel) => inner.MapAsync(path, cancel);

    private T Told<T>(T done)
    {
        Tell();
        return done;
    }

    private void Tell()
    {
        lock (telling)
        {
            Changed();
        }
    }

    private sealed class Tapped(TappedFileSystem tap, IFile file) : IFile
    {
        public string Path => file.Path;

        public ValueTask<long> LengthAsync(CancellationToken cancel) => file.LengthAsync(cancel);

        public ValueTask<int> ReadAsync(long offset, Memory<byte> into, CancellationToken cancel) => file.ReadAsync(offset, into, cancel);

        public async ValueTask<Result<Unit>> WriteAsync(long offset, IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancel)
        {
            if (tap.Refusal(Path, pieces.Sum(piece => (long)piece.Length)) is { } taken)
            {
                var bytes = pieces.SelectMany(piece => piece.ToArray()).Take((int)taken).ToArray();
                await file.WriteAsync(offset, [bytes], cancel);
                return tap.Told<Result<Unit>>(DiskFull.For(Path));
            }

            return tap.Told(await file.WriteAsync(offset, pieces, cancel));
        }

        public async ValueTask SyncAsync(CancellationToken cancel)
        {
            await tap.BeforeSync();
            await file.SyncAsync(cancel);
            tap.Tell();
            await tap.AfterSync();
        }

        public async ValueTask<Result<Unit>> AllocateAsync(long length, CancellationToken cancel) =>
            tap.Told(await file.AllocateAsync(length, cancel));

        public async ValueTask SetLengthAsync(long length, CancellationToken cancel)
        {
            await file.SetLengthAsync(length, cancel);
            tap.Tell();
        }

        public ValueTask DisposeAsync() => file.DisposeAsync();
    }
}
