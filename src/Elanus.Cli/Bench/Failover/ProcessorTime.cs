using System.Globalization;
using System.Text;
using Elanus.Primitives;

namespace Elanus.Cli;

/// <summary>What a .NET process has used of the processors, as the kernel counts it (in hundredths of a second); and how much of that its compiler did behind its calls.</summary>
internal readonly record struct ProcessorTime(TimeSpan All, TimeSpan Compiling)
{
    /// <summary>The kernel keeps 15 letters of a thread's name.</summary>
    private const string Compiler = ".NET Tiered Com";

    private const int StatBytesMax = 4096;

    /// <summary>Fields of a stat file behind the name, in ticks of 10 ms.</summary>
    private const int UserField = 11;
    private const int SystemField = 12;
    private const int TickMs = 10;

    private static readonly RealFileSystem Files = new();

    public static ProcessorTime operator -(ProcessorTime left, ProcessorTime right) => new(left.All - right.All, left.Compiling - right.Compiling);

    /// <summary>All of it is zero for a process that has ended.</summary>
    public static async Task<ProcessorTime> Of(int pid, CancellationToken cancel)
    {
        var compiling = TimeSpan.Zero;
        foreach (var thread in await Files.ListAsync($"/proc/{pid}/task", cancel) ?? [])
        {
            var (name, used) = await Read($"/proc/{pid}/task/{thread.Name}/stat", cancel);
            compiling += name == Compiler ? used : TimeSpan.Zero;
        }

        return new((await Read($"/proc/{pid}/stat", cancel)).Used, compiling);
    }

    private static async Task<(string Name, TimeSpan Used)> Read(string path, CancellationToken cancel)
    {
        await using var file = await Files.OpenAsync(path, FileIntent.Read, cancel);
        var bytes = new byte[StatBytesMax];
        int read;
        try
        {
            read = file is null ? 0 : await file.ReadAsync(0, bytes, cancel);
        }
        catch (IOException)
        {
            // It ended between the two calls.
            read = 0;
        }

        if (read == 0)
        {
            return ("", TimeSpan.Zero);
        }

        // A name may hold spaces and brackets itself.
        var stat = Encoding.UTF8.GetString(bytes, 0, read);
        var named = stat.LastIndexOf(')');
        var fields = stat[(named + 2)..].Split(' ');
        var ticks = long.Parse(fields[UserField], CultureInfo.InvariantCulture) + long.Parse(fields[SystemField], CultureInfo.InvariantCulture);
        return (stat[(stat.IndexOf('(') + 1)..named], TimeSpan.FromMilliseconds(ticks * TickMs));
    }
}
