using System.Buffers;
using Elanus.Primitives;

namespace Elanus.Storage;

/// <summary>A node's own directory as a segment store. One process has it, by the lock on its data directory.</summary>
public sealed class DirectorySegmentStore : ISegmentStore
{
    private const string Unfinished = ".tmp";
    private const int NameLengthMax = 128;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private readonly Lock gate = new();
    private readonly IFileSystem files;
    private readonly string directory;
    private readonly Dictionary<string, int> pins = [];
    private readonly HashSet<string> condemned = [];
    private readonly HashSet<string> writing = [];
    private readonly HashSet<Task> deleting = [];
    private volatile FailedSyncException? lost;
    private bool isFixed;

    private DirectorySegmentStore(IFileSystem files, string directory)
    {
        this.files = files;
        this.directory = directory;
    }

    public event Action<StoredFileEntry>? Outlived;

    /// <summary>A directory as it is, for looking at: nothing is made (a failure) or removed, and where it is missing there are no files.</summary>
    public static DirectorySegmentStore AsItIs(IFileSystem files, string directory) => new(files, directory) { isFixed = true };

    /// <summary>Opens a directory, made where it is missing, and removes what was never finished in it.</summary>
    public static async ValueTask<Result<DirectorySegmentStore>> OpenAsync(IFileSystem files, string directory, CancellationToken cancel)
    {
        var made = await files.CreateDirectoryAsync(directory, cancel);
        if (!made.Succeeded)
        {
            return made.Failure;
        }

        // The directory's own name, so that what is published in it can be reached after a crash.
        await files.SyncDirectoryAsync(Path.GetDirectoryName(directory) is { Length: > 0 } above ? above : ".", cancel);
        foreach (var entry in await files.ListAsync(directory, cancel) ?? [])
        {
            if (entry.Name.EndsWith(Unfinished, StringComparison.Ordinal))
            {
                await files.DeleteAsync($"{directory}/{entry.Name}", cancel);
            }
        }

        // And the names in it: a process that ended before it had synced one may have left it to this one, which relies on it.
        await files.SyncDirectoryAsync(directory, cancel);
        return new DirectorySegmentStore(files, directory);
    }

    public async ValueTask<Result<StoredFileWriter>> CreateAsync(string name, StoredFileKind kind, StoredFileIdentity identity, long room, CancellationToken cancel)
    {
        CheckName(name);
        cancel.ThrowIfCancellationRequested();
        if (isFixed)
        {
            return new Failure(FailureCode.NotSupported, $"{directory} is only looked at: {name} is not written");
        }

        // A file that cannot end takes what is left from everybody else until that shows. 0 is also what a file system says that does not know: to try takes nothing there.
        if (room > 0 && await files.FreeBytesAsync(directory, cancel) is > 0 and var free && free < room)
        {
            return DiskFull.For($"{PathOf(name)}: {room} bytes are needed and {free} are free");
        }

        lock (gate)
        {
            Invariant.Holds(writing.Add(name), $"{name} is being written already");
        }

        var isBegun = false;
        try
        {
            // Not cancelled in the middle: the file would stay.
            var created = await files.CreateAsync(PathOf(name) + Unfinished, CancellationToken.None);
            isBegun = created.TryGet(out var file, out var why);
            return isBegun ? new StoredFileWriter(file!, name, kind, identity, PublishAsync, () => AbandonAsync(name)) : why!;
        }
        finally
        {
            if (!isBegun)
            {
                EndWriting(name);
            }
        }
    }

    public async ValueTask<StoredFile?> OpenAsync(string name, CancellationToken cancel)
    {
        CheckName(name);
        if (!TryPin(name))
        {
            return null;
        }

        StoredFile? opened = null;
        IFileMapping? mapping = null;
        try
        {
            mapping = await files.MapAsync(PathOf(name), cancel);
            if (mapping is null)
            {
                return null;
            }

            opened = StoredFile.Open(mapping, PathOf(name), name, () => Unpin(name), out var damage);
            return opened ?? throw new StoredFileDamagedException(damage!);
        }
        finally
        {
            if (opened is null)
            {
                mapping?.Dispose();
                Unpin(name);
            }
        }
    }

    public async ValueTask<IDisposable?> PinAsync(string name, CancellationToken cancel)
    {
        CheckName(name);
        if (!TryPin(name))
        {
            return null;
        }

        Pin? pin = null;
        try
        {
            await using var there = await files.OpenAsync(PathOf(name), FileIntent.Read, cancel);
            return there is null ? null : pin = new(() => Unpin(name));
        }
        finally
        {
            if (pin is null)
            {
                Unpin(name);
            }
        }
    }

    public async ValueTask DeleteAsync(string name, CancellationToken cancel)
    {
        CheckName(name);
        bool isPinned;
        lock (gate)
        {
            if (isFixed || !condemned.Add(name))
            {
                return;
            }

            isPinned = pins.ContainsKey(name);
        }

        if (!isPinned)
        {
            await RemoveAsync(name);
        }
        else if (Outlived is { } tell && await files.OpenAsync(PathOf(name), FileIntent.Read, cancel) is { } file)
        {
            await using (file)
            {
                tell(new(name, await file.LengthAsync(cancel)));
            }
        }
    }

    public async ValueTask<IReadOnlyList<StoredFileEntry>> ListAsync(CancellationToken cancel)
    {
        var entries = await files.ListAsync(directory, cancel) ?? [];
        lock (gate)
        {
            return [.. entries
                .Where(e => !e.IsDirectory && !e.Name.EndsWith(Unfinished, StringComparison.Ordinal) && !condemned.Contains(e.Name))
                .Select(e => new StoredFileEntry(e.Name, e.Length))];
        }
    }

    /// <summary>Waits for deletions that were begun. Files stay mapped for those who hold them.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] left;
        lock (gate)
        {
            left = [.. deleting];
        }

        await Waits.All(left);
    }

    private static void CheckName(string name) => Invariant.Holds(
        name.Length is > 0 and <= NameLengthMax && name[0] != '.' && !name.EndsWith(Unfinished, StringComparison.Ordinal)
        && !name.AsSpan().ContainsAnyExcept(NameCharacters),
        $"\"{name}\" is no name for a stored file");

    private string PathOf(string name) => $"{directory}/{name}";

    private bool TryPin(string name)
    {
        lock (gate)
        {
            if (condemned.Contains(name))
            {
                return false;
            }

            pins[name] = pins.GetValueOrDefault(name) + 1;
            return true;
        }
    }

    private void Unpin(string name)
    {
        Task removal;
        lock (gate)
        {
            var left = pins[name] - 1;
            if (left > 0)
            {
                pins[name] = left;
                return;
            }

            pins.Remove(name);
            if (!condemned.Contains(name))
            {
                return;
            }

            removal = RemoveAsync(name).AsTask();
            if (removal.IsCompletedSuccessfully)
            {
                return;
            }

            deleting.Add(removal);
        }

        removal.ContinueWith(Removed, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Removed(Task removal)
    {
        // A removal that failed stays, for DisposeAsync to throw: the disk refuses what it never refuses.
        if (removal.IsCompletedSuccessfully)
        {
            lock (gate)
            {
                deleting.Remove(removal);
            }
        }
    }

    /// <summary>The name stays condemned, so that it is never opened or written again.</summary>
    private async ValueTask RemoveAsync(string name)
    {
        try
        {
            await files.DeleteAsync(PathOf(name), CancellationToken.None);
        }
        catch (FailedSyncException failed)
        {
            // The system says so once: nothing that is published from now on would be told.
            lost = failed;
            throw;
        }
    }

    private async ValueTask<Result<Unit>> PublishAsync(StoredFileReference reference, CancellationToken cancel)
    {
        var path = PathOf(reference.Name);
        var linked = await files.LinkAsync(path + Unfinished, path, cancel);
        if (!linked.TryGet(out var isNew, out var why))
        {
            return why;
        }

        Invariant.Holds(isNew, $"the name {path} is used twice");
        await files.DeleteAsync(path + Unfinished, cancel);
        await files.SyncDirectoryAsync(directory, cancel);
        return lost is { } failed ? throw failed : Result.Ok;
    }

    private async ValueTask AbandonAsync(string name)
    {
        try
        {
            await files.DeleteAsync(PathOf(name) + Unfinished, CancellationToken.None);
        }
        finally
        {
            EndWriting(name);
        }
    }

    private void EndWriting(string name)
    {
        lock (gate)
        {
            writing.Remove(name);
        }
    }

    private sealed class Pin(Action release) : IDisposable
    {
        private Action? release = release;

        public void Dispose() => Interlocked.Exchange(ref release, null)?.Invoke();
    }
}
