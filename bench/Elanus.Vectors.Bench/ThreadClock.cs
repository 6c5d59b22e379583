using System.Runtime.InteropServices;

namespace Elanus.Vectors.Bench;

/// <summary>Processor time of the calling thread: what else runs on the machine hardly shows in it.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    public static double Seconds()
    {
        if (ClockGetTime(ThreadCpuTime, out var time) != 0)
        {
            throw new InvalidOperationException("the thread's processor clock cannot be read");
        }

        return time.Seconds + time.Nanoseconds * 1e-9;
    }

    /// <summary>Calls a second of the thread's processor time, over at least a second after a short warm-up.</summary>
    public static double Rate(Action<int> call)
    {
        var warm = Seconds() + 0.3;
        var i = 0;
        while (Seconds() < warm)
        {
            call(i++);
        }

        var from = Seconds();
        var to = from;
        var calls = 0;
        while (to - from < 1)
        {
            call(calls++);
            to = Seconds();
        }

        return calls / (to - from);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ClockGetTime(int clock, out Time time);

    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
