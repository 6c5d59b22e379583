using System.Globalization;
using System.Runtime.InteropServices;

namespace Elanus.Server;

/// <summary>
/// Tells a supervisor that its server is ending before the server is gone: a robust mutex (POSIX, pthread_mutexattr_setrobust) in memory that both share, which a thread of the server holds for
/// as long as its process lives. The kernel gives it up first of all; it then takes the process's memory apart, at some 90 ms a gigabyte, and closes its pipes and connections only behind that.
/// Where the system has no such thing, there is no early word.
/// </summary>
internal sealed unsafe partial class LifeMutex : IDisposable
{
    private const int Bytes = 4096;
    private const int ReadWrite = 0x1 | 0x2;
    private const int Shared = 0x1;
    private const int BetweenProcesses = 1;
    private const int Robust = 1;
    private const int OwnerDead = 130;

    /// <summary>More than any C library's attributes need.</summary>
    private const int AttributeBytes = 64;

    private readonly int file;
    private readonly void* mutex;
    private int freed;

    private LifeMutex(int file, void* mutex)
    {
        this.file = file;
        this.mutex = mutex;
    }

    /// <summary>The shared memory, as a child process is told of it.</summary>
    public string Handle => file.ToString(CultureInfo.InvariantCulture);

    /// <summary>For a supervisor: memory that its next child inherits.</summary>
    public static LifeMutex? Create()
    {
        try
        {
            return Made();
        }
        catch (EntryPointNotFoundException)
        {
            // Older C libraries have some of these calls in another one.
            return null;
        }
    }

    private static LifeMutex? Made()
    {
        var file = MakeFile("elanus-life", 0);
        if (file < 0 || SetLength(file, Bytes) != 0 || Map(file) is not { } made)
        {
            return null;
        }

        var attributes = stackalloc byte[AttributeBytes];
        if (InitializeAttributes(attributes) == 0 && ShareBetween(attributes, BetweenProcesses) == 0 && MakeRobust(attributes, Robust) == 0 && Initialize(made.mutex, attributes) == 0)
        {
            return made;
        }

        made.Dispose();
        return null;
    }

    /// <summary>For a server: takes the mutex, says so, and holds it on a thread that lives as long as the process, or until it is told to end. Nothing happens where there is no such mutex.</summary>
    public static void Hold(string handle, Action taken, WaitHandle? until = null)
    {
        if (!int.TryParse(handle, CultureInfo.InvariantCulture, out var file) || Map(file) is not { } shared)
        {
            return;
        }

        Begin("elanus-life", () =>
        {
            if (Lock(shared.mutex) == 0)
            {
                taken();
                (until ?? new ManualResetEvent(false)).WaitOne();
            }
        });
    }

    /// <summary>For a supervisor whose server has said that it holds the mutex: completes when that process is ending; never where this is disposed already.</summary>
    public Task OwnerEnds()
    {
        var ends = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (IsLeft())
        {
            Begin("elanus-watch", () =>
            {
                var answer = Lock(mutex);
                if (answer is 0 or OwnerDead)
                {
                    // Some C libraries look through what a thread holds when it ends.
                    _ = Unlock(mutex);
                }

                Free();
                if (answer == OwnerDead)
                {
                    ends.SetResult();
                }
            });
        }

        return ends.Task;
    }

    /// <summary>Lets go of the memory; whoever watches the owner does so behind its end.</summary>
    public void Dispose()
    {
        if (IsLeft())
        {
            Free();
        }
    }

    /// <summary>Whether nobody has taken it on to free the memory; whoever asks does.</summary>
    private bool IsLeft() => Interlocked.Exchange(ref freed, 1) == 0;

    private void Free()
    {
        _ = Unmap(mutex, Bytes);
        _ = Close(file);
    }

    private static LifeMutex? Map(int file)
    {
        var memory = Map(null, Bytes, ReadWrite, Shared, file, 0);
        return (nint)memory == -1 ? null : new(file, memory);
    }

    private static void Begin(string name, Action work)
    {
#pragma warning disable RS0030 // A thread owns the mutex, and a thread waits for it; there is no other way to do either.
        new Thread(() => work()) { IsBackground = true, Name = name }.Start();
#pragma warning restore RS0030
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate")]
    private static partial int SetLength(int file, nint length);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* near, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* pointer, nuint length);

    [LibraryImport("libc", EntryPoint = "pthread_mutexattr_init")]
    private static partial int InitializeAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "pthread_mutexattr_setpshared")]
    private static partial int ShareBetween(byte* attributes, int how);

    [LibraryImport("libc", EntryPoint = "pthread_mutexattr_setrobust")]
    private static partial int MakeRobust(byte* attributes, int how);

    [LibraryImport("libc", EntryPoint = "pthread_mutex_init")]
    private static partial int Initialize(void* mutex, byte* attributes);

    [LibraryImport("libc", EntryPoint = "pthread_mutex_lock")]
    private static partial int Lock(void* mutex);

    [LibraryImport("libc", EntryPoint = "pthread_mutex_unlock")]
    private static partial int Unlock(void* mutex);
}
