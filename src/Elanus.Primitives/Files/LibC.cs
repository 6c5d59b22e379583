using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Elanus.Primitives;

/// <summary>The calls of Linux's C library that .NET has no method for. Each answers as the library does: -1 and an error number.</summary>
internal static unsafe partial class LibC
{
    public const int ReadOnly = 0;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int CloseOnExec = 0x80000;

    public const int LockExclusive = 2;
    public const int LockNonBlocking = 4;

    public const int NotFound = 2;
    public const int Interrupted = 4;
    public const int WouldBlock = 11;
    public const int Exists = 17;
    public const int NotDirectory = 20;
    public const int NoSpace = 28;
    public const int NotSupported = 95;
    public const int QuotaReached = 122;

    /// <summary>Flag of <see cref="ReadPieces"/>: read only what the page cache holds, and fail at once with anything else.</summary>
    public const int ReadNoWait = 8;

    private const int LargePages = 14;

    /// <summary>Flag of <see cref="Status"/>: ask about the open file itself.</summary>
    private const int EmptyPath = 0x1000;
    private const int CurrentDirectory = -100;
    private const uint LinksNumberAndLength = 0x4 | 0x100 | 0x200;

    public const int ProtectionRead = 1;
    public const int MapShared = 1;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    public static partial int SyncData(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    public static partial int Allocate(SafeFileHandle file, int mode, nint offset, nint length);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Link(string existing, string added);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RemoveDirectory(string path);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeDirectory(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "preadv2", SetLastError = true)]
    public static partial nint ReadPieces(SafeFileHandle file, Piece* pieces, int count, nint offset, int flags);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    public static partial void* Map(void* near, nuint length, int protection, int flags, SafeFileHandle file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(void* pointer, nuint length);

    /// <summary>A piece of memory (`struct iovec`).</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Piece
    {
        public void* Base;
        public nint Length;
    }

    /// <summary>What is known of an open file (`struct statx`, whose layout is the same on every machine). Throws where the file system does not say.</summary>
    public static FileStatus StatusOf(SafeFileHandle file, string path)
    {
        var held = false;
        try
        {
            file.DangerousAddRef(ref held);
            return Status((int)file.DangerousGetHandle(), "", EmptyPath, LinksNumberAndLength, out var status) == 0
                ? status
                : throw RealFileSystem.Fault("asking about", path, Marshal.GetLastPInvokeError());
        }
        finally
        {
            if (held)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>Bytes of the file of that name; 0 where there is none.</summary>
    public static long LengthOf(string path) => Status(CurrentDirectory, path, 0, LinksNumberAndLength, out var status) == 0 ? (long)status.Length : 0;

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int directory, string path, int flags, uint wanted, out FileStatus status);

    /// <summary>The fields of `struct statx` that are asked for.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct FileStatus
    {
        [FieldOffset(16)]
        public uint Links;

        [FieldOffset(40)]
        public ulong Length;

        [FieldOffset(32)]
        private readonly ulong number;

        [FieldOffset(136)]
        private readonly uint deviceMajor;

        [FieldOffset(140)]
        private readonly uint deviceMinor;

        public readonly FileNumber File => new(deviceMajor, deviceMinor, number);
    }

    /// <summary>Which file it is, whatever its names: its file system's device, and its inode there.</summary>
    public readonly record struct FileNumber(uint DeviceMajor, uint DeviceMinor, ulong Inode);

    /// <summary>Asks for large pages under the whole ones within a range; it is only advice, so a kernel without them is no fault.</summary>
    public static void AdviseLargePages(byte* start, nint length)
    {
        var page = (nuint)Environment.SystemPageSize;
        var first = ((nuint)start + page - 1) & ~(page - 1);
        var end = ((nuint)start + (nuint)length) & ~(page - 1);
        if (end > first)
        {
            _ = Advise((byte*)first, (nint)(end - first), LargePages);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    private static partial int Advise(byte* start, nint length, int advice);
}
