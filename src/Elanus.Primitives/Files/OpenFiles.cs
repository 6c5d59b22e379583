using Microsoft.Win32.SafeHandles;

namespace Elanus.Primitives;

/// <summary>
/// The files that this process has open or mapped, so that a large one without a name goes in pieces, and not before its last reader. A file system frees what goes at once
/// in one step of its journal, for which every fsync on it waits: measured on ext4, 80 to 110 ms for 512 MiB, and 2 to 10 in pieces of 8 MiB. (RocksDB's delete scheduler does the same.)
/// </summary>
internal sealed class OpenFiles
{
    public static readonly OpenFiles Shared = new();

    private const long PieceBytes = 8 << 20;

    /// <summary>One large file goes at a time, on a thread of its own: else a few of them would take every thread that the log's writes and syncs need.</summary>
    private static readonly BlockingCalls Removals = new(1);

    private readonly Dictionary<LibC.FileNumber, Uses> open = [];
    private readonly Lock gate = new();

    /// <summary>Counts a file that was just opened; null, and closed, where it has lost its last name meanwhile, for then its bytes may be going.</summary>
    public Use? Enter(string path, SafeFileHandle handle)
    {
        var file = LibC.StatusOf(handle, path).File;
        lock (gate)
        {
            if (!open.TryGetValue(file, out var uses))
            {
                open.Add(file, uses = new());
            }

            uses.Count++;
        }

        // Counted first, then looked at; whoever removes a name does that first, then looks at the count: so one of the two sees the other, and no lock is held over a call that may hang.
        if (LibC.StatusOf(handle, path).Links > 0)
        {
            return new(this, file);
        }

        handle.Dispose();
        Leave(file);
        return null;
    }

    /// <summary>Removes a name, and lets the file's bytes go in pieces where nobody has it open and it has no other name; else they go with its last reader. False where there is no such name.</summary>
    public static async Task<bool> Remove(string path) =>
        // What is small goes at once; it is not even opened, for a network's file system keeps an open file under another name.
        await BlockingCalls.Shared.Run<bool?>(() => LibC.LengthOf(path) <= PieceBytes ? Unlink(path) : null)
        ?? await Removals.Run(() => Shared.RemoveLarge(path));

    private static bool Unlink(string path) => RealFileSystem.Gone(LibC.Unlink(path), path);

    private bool RemoveLarge(string path)
    {
        SafeFileHandle? handle;
        try
        {
            handle = RealFileSystem.OpenExisting(path, LibC.ReadWrite);
        }
        catch (IOException)
        {
            // Whoever may remove a name need not be let write the file.
            return Unlink(path);
        }

        var removed = Unlink(path);
        if (handle is null || !removed)
        {
            handle?.Dispose();
            return removed;
        }

        // The name is gone for good before any of the bytes: a crash never shows a file that is cut short.
        RealFileSystem.SyncDirectory(Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : ".");
        var status = LibC.StatusOf(handle, path);
        if (status.Links > 0)
        {
            handle.Dispose();
            return true;
        }

        lock (gate)
        {
            if (open.TryGetValue(status.File, out var uses))
            {
                uses.Going = handle;
                return true;
            }
        }

        return Shrink(handle);
    }

    private void Leave(LibC.FileNumber file)
    {
        SafeFileHandle? going;
        lock (gate)
        {
            var uses = open[file];
            if (--uses.Count > 0)
            {
                return;
            }

            open.Remove(file);
            going = uses.Going;
        }

        if (going is not null)
        {
            _ = Removals.Run(() => Shrink(going));
        }
    }

    private static bool Shrink(SafeFileHandle handle)
    {
#pragma warning disable RS0030 // This stands behind the seam.
        using (handle)
        {
            try
            {
                for (var left = RandomAccess.GetLength(handle) - PieceBytes; left > 0; left -= PieceBytes)
                {
                    RandomAccess.SetLength(handle, left);
                }
            }
            catch (IOException)
            {
                // Its name is gone: what cannot go in pieces, for want of room on a file system that copies what it changes say, goes when it is closed.
            }
        }
#pragma warning restore RS0030

        return true;
    }

    /// <summary>Somebody has the file open, or mapped, until this is disposed.</summary>
    internal sealed class Use(OpenFiles files, LibC.FileNumber file) : IDisposable
    {
        private int left;

        ~Use() => Leave();

        public void Dispose()
        {
            Leave();
            GC.SuppressFinalize(this);
        }

        private void Leave()
        {
            if (Interlocked.Exchange(ref left, 1) == 0)
            {
                files.Leave(file);
            }
        }
    }

    private sealed class Uses
    {
        public int Count { get; set; }

        /// <summary>The file, once it has no name.</summary>
        public SafeFileHandle? Going { get; set; }
    }
}
