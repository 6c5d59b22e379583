using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Elanus.Primitives;

/// <summary>A file of the operating system. Any thread may call it.</summary>
internal sealed class RealFile(string path, SafeFileHandle handle, OpenFiles.Use use) : IFile
{
    private const int ZeroPieceBytes = 1 << 20;

    /// <summary>The most that is copied on the caller's thread.</summary>
    private const int CachedBytesMax = 1 << 20;

    public string Path => path;

#pragma warning disable RS0030 // This is the seam that stands before the banned calls.
    public async ValueTask<long> LengthAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return await BlockingCalls.Shared.Run(() => RandomAccess.GetLength(handle));
    }

    public async ValueTask<int> ReadAsync(long offset, Memory<byte> into, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        // What was just written is in the page cache: copying it is cheaper than going to another thread for it.
        var cached = ReadCached(offset, into.Span);
        return cached == into.Length ? cached : await BlockingCalls.Shared.Run(() =>
        {
            var read = cached;
            while (read < into.Length)
            {
                var more = RandomAccess.Read(handle, into.Span[read..], offset + read);
                if (more == 0)
                {
                    break;
                }

                read += more;
            }

            return read;
        });
    }

    public async ValueTask<Result<Unit>> WriteAsync(long offset, IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return await BlockingCalls.Shared.Run(() => Guarded(() => RandomAccess.Write(handle, pieces, offset)));
    }

    public async ValueTask SyncAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        await BlockingCalls.Shared.Run(() =>
        {
            Sync();
            return true;
        });
    }

    public ValueTask<Result<Unit>> WriteDurablyAsync(long offset, IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancel) =>
        WriteDurablyAsync(offset, pieces, static () => { }, cancel);

    /// <summary>Both in one go to the other thread, and back.</summary>
    public async ValueTask<Result<Unit>> WriteDurablyAsync(
        long offset, IReadOnlyList<ReadOnlyMemory<byte>> pieces, Action taken, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return await BlockingCalls.Shared.Run(() =>
        {
            var written = Guarded(() => RandomAccess.Write(handle, pieces, offset));
            if (written.Succeeded)
            {
                taken();
                Sync();
            }

            return written;
        });
    }

    public async ValueTask<Result<Unit>> AllocateAsync(long length, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return await BlockingCalls.Shared.Run(() => Allocate(length));
    }

    public async ValueTask SetLengthAsync(long length, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        await BlockingCalls.Shared.Run(() =>
        {
            RandomAccess.SetLength(handle, length);
            return true;
        });
    }

    public ValueTask DisposeAsync()
    {
        handle.Dispose();
        use.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Sync()
    {
        if (LibC.SyncData(handle) != 0)
        {
            throw new FailedSyncException(path, Marshal.GetLastPInvokeErrorMessage());
        }
    }

    /// <summary>Reads without waiting for the disk, as much as that gives; 0 where the file system cannot.</summary>
    private unsafe int ReadCached(long offset, Span<byte> into)
    {
        fixed (byte* start = into)
        {
            var piece = new LibC.Piece { Base = start, Length = into.Length };
            return into.Length > CachedBytesMax ? 0 : (int)Math.Max(0, LibC.ReadPieces(handle, &piece, 1, (nint)offset, LibC.ReadNoWait));
        }
    }

    private Result<Unit> Allocate(long length)
    {
        var now = RandomAccess.GetLength(handle);
        if (length <= now)
        {
            return Result.Ok;
        }

        int error;
        do
        {
            if (LibC.Allocate(handle, 0, (nint)now, (nint)(length - now)) == 0)
            {
                return Result.Ok;
            }

            error = Marshal.GetLastPInvokeError();
        }
        while (error == LibC.Interrupted);

        return error switch
        {
            LibC.NoSpace or LibC.QuotaReached => DiskFull.For(path),
            // File systems that cannot reserve room get it by writing zeros.
            LibC.NotSupported => Guarded(() => WriteZeros(now, length)),
            _ => throw RealFileSystem.Fault("allocating room for", path, error),
        };
    }

    private void WriteZeros(long from, long to)
    {
        var zeros = new byte[ZeroPieceBytes];
        for (var at = from; at < to; at += ZeroPieceBytes)
        {
            RandomAccess.Write(handle, zeros.AsSpan(0, (int)Math.Min(ZeroPieceBytes, to - at)), at);
        }
    }

    private Result<Unit> Guarded(Action write)
    {
        try
        {
            write();
            return Result.Ok;
        }
        catch (IOException fault) when (fault.HResult is LibC.NoSpace or LibC.QuotaReached)
        {
            return DiskFull.For(path);
        }
    }
#pragma warning restore RS0030
}
