using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Elanus.Primitives;

/// <summary>The operating system's files (Linux). Any thread may call it.</summary>
public sealed class RealFileSystem : IFileSystem
{
    private const uint FileMode = 0b110_100_000;
    private const uint DirectoryMode = 0b111_101_000;

    public async ValueTask<IFile?> OpenAsync(string path, FileIntent intent, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var flags = intent == FileIntent.Read ? LibC.ReadOnly : LibC.ReadWrite;
        return await BlockingCalls.Shared.Run(() => OpenCounted(path, flags) is var (handle, use) ? new RealFile(path, handle, use) : null);
    }

    public async ValueTask<Result<IFile>> CreateAsync(string path, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return await BlockingCalls.Shared.Run<Result<IFile>>(() =>
        {
            var number = OpenRetrying(path, LibC.ReadWrite | LibC.Create | LibC.Exclusive);
            if (number < 0)
            {
                return Refused("creating", path);
            }

            var handle = new SafeFileHandle(number, true);
            return new RealFile(path, handle, OpenFiles.Shared.Enter(path, handle) ?? throw Fault("creating", path, LibC.NotFound));
        });
    }

    public ValueTask<Result<Unit>> RenameAsync(string from, string to, CancellationToken cancel) =>
        NeedsRoom(() => LibC.Rename(from, to), "renaming", from, cancel);

    public async ValueTask<Result<bool>> LinkAsync(string existing, string added, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return await BlockingCalls.Shared.Run<Result<bool>>(() =>
            LibC.Link(existing, added) == 0 ? true
            : Marshal.GetLastPInvokeError() == LibC.Exists ? false
            : Refused("linking", added));
    }

    public async ValueTask<bool> DeleteAsync(string path, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return await OpenFiles.Remove(path);
    }

    public async ValueTask<bool> DeleteDirectoryAsync(string path, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return await BlockingCalls.Shared.Run(() => Gone(LibC.RemoveDirectory(path), path));
    }

    public async ValueTask<Result<Unit>> CreateDirectoryAsync(string path, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return await BlockingCalls.Shared.Run(() => MakeDirectories(path));
    }

    public async ValueTask<IReadOnlyList<FileEntry>?> ListAsync(string directory, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return await BlockingCalls.Shared.Run(() => List(directory));
    }

    public async ValueTask SyncDirectoryAsync(string directory, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        await BlockingCalls.Shared.Run(() =>
        {
            SyncDirectory(directory);
            return true;
        });
    }

    public async ValueTask<IAsyncDisposable?> TryLockAsync(string path, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return await BlockingCalls.Shared.Run<IAsyncDisposable?>(() =>
        {
            var number = OpenRetrying(path, LibC.ReadWrite | LibC.Create);
            if (number < 0)
            {
                throw Fault("locking", path, Marshal.GetLastPInvokeError());
            }

            var handle = new SafeFileHandle(number, true);
            if (LibC.Lock(handle, LibC.LockExclusive | LibC.LockNonBlocking) == 0)
            {
                return OpenFiles.Shared.Enter(path, handle) is { } use ? new RealFile(path, handle, use) : null;
            }

            var error = Marshal.GetLastPInvokeError();
            handle.Dispose();
            return error == LibC.WouldBlock ? null : throw Fault("locking", path, error);
        });
    }

    public async ValueTask<long> FreeBytesAsync(string directory, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return await BlockingCalls.Shared.Run(() => new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace);
    }

    public async ValueTask<IFileMapping?> MapAsync(string path, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return await BlockingCalls.Shared.Run(() =>
        {
            if (OpenCounted(path, LibC.ReadOnly) is not var (handle, use))
            {
                return null;
            }

            using (handle)
            {
#pragma warning disable RS0030 // This is the seam that stands before the banned call.
                return new RealFileMapping(path, handle, use, RandomAccess.GetLength(handle));
#pragma warning restore RS0030
            }
        });
    }

    internal static IOException Fault(string doing, string path, int error) =>
        new($"{doing} {path} failed: {Marshal.GetPInvokeErrorMessage(error)}", error);

    /// <summary>Makes the names in a directory durable.</summary>
    internal static void SyncDirectory(string directory)
    {
        using var handle = OpenExisting(directory, LibC.ReadOnly) ?? throw Fault("syncing", directory, LibC.NotFound);
        if (LibC.Sync(handle) != 0)
        {
            throw new FailedSyncException(directory, Marshal.GetLastPInvokeErrorMessage());
        }
    }

    /// <summary>Whether a name was removed, by what the system answered; false where there was none.</summary>
    internal static bool Gone(int answer, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return answer == 0 || (error == LibC.NotFound ? false : throw Fault("removing", path, error));
    }

    /// <summary>Opens a file that exists; null where there is none of that name.</summary>
    internal static SafeFileHandle? OpenExisting(string path, int flags)
    {
        var number = OpenRetrying(path, flags);
        if (number >= 0)
        {
            return new SafeFileHandle(number, true);
        }

        var error = Marshal.GetLastPInvokeError();
        return error is LibC.NotFound or LibC.NotDirectory ? null : throw Fault("opening", path, error);
    }

    /// <summary>Opens a file that exists, and counts it. One that lost its name meanwhile may have been replaced: it is looked for again.</summary>
    private static (SafeFileHandle Handle, OpenFiles.Use Use)? OpenCounted(string path, int flags)
    {
        while (OpenExisting(path, flags) is { } handle)
        {
            if (OpenFiles.Shared.Enter(path, handle) is { } use)
            {
                return (handle, use);
            }
        }

        return null;
    }

    private static async ValueTask<Result<Unit>> NeedsRoom(Func<int> call, string doing, string path, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return await BlockingCalls.Shared.Run<Result<Unit>>(() => call() == 0 ? Result.Ok : Refused(doing, path));
    }

    /// <summary>The last call's error: no room is an answer, all else is thrown.</summary>
    private static Failure Refused(string doing, string path) => Refused(doing, path, Marshal.GetLastPInvokeError());

    private static Failure Refused(string doing, string path, int error) =>
        error is LibC.NoSpace or LibC.QuotaReached ? DiskFull.For(path) : throw Fault(doing, path, error);

    private static int OpenRetrying(string path, int flags)
    {
        int number;
        do
        {
            number = LibC.Open(path, flags | LibC.CloseOnExec, FileMode);
        }
        while (number < 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted);

        return number;
    }

    /// <param name="above">Whether the directory above was made just now: where it is missing still (as in /proc), nothing can be made in it.</param>
    private static Result<Unit> MakeDirectories(string path, bool above = false)
    {
        if (path.Length == 0 || LibC.MakeDirectory(path, DirectoryMode) == 0)
        {
            return Result.Ok;
        }

        var error = Marshal.GetLastPInvokeError();
        switch (error)
        {
#pragma warning disable RS0030 // This is the seam that stands before the banned call.
            case LibC.Exists when Directory.Exists(path):
                return Result.Ok;
#pragma warning restore RS0030
            case LibC.NotFound when !above && Path.GetDirectoryName(path) is { Length: > 0 } parent:
                var made = MakeDirectories(parent);
                return made.Succeeded ? MakeDirectories(path, above: true) : made;
            default:
                return Refused("creating directory", path, error);
        }
    }

    private static List<FileEntry>? List(string directory)
    {
#pragma warning disable RS0030 // This is the seam that stands before the banned calls.
        var entries = new List<FileEntry>();
        try
        {
            foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos())
            {
                try
                {
                    entries.Add(entry is FileInfo file ? new(file.Name, false, file.Length) : new(entry.Name, true, 0));
                }
                catch (FileNotFoundException)
                {
                    // Somebody removed it between the listing and the look at its length: it is not there.
                }
            }
        }
        catch (IOException missing) when (missing is DirectoryNotFoundException || missing.HResult == LibC.NotDirectory)
        {
            // Only what is certainly not there: a share that fails is not an empty one.
            return null;
        }
        catch (UnauthorizedAccessException refused)
        {
            // Every other call says so with this exception, and a shared directory whose rights are lost is an arbiter that is away.
            throw new IOException($"listing {directory}: {refused.Message}", refused);
        }

#pragma warning restore RS0030
        entries.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        return entries;
    }
}
