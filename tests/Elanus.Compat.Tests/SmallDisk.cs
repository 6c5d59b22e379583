using System.Diagnostics;

namespace Elanus.Compat.Tests;

/// <summary>A file system of a few megabytes in memory, mounted for a test.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private static readonly Lazy<string?> Reason = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("elanus-mount-").FullName;
        try
        {
            if (Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder) != 0)
            {
                return "mounting a file system is not allowed here";
            }

            Run("umount", folder);
            return null;
        }
        finally
        {
            Directory.Delete(folder);
        }
    });

    private readonly string mount;

    private SmallDisk(string mount) => this.mount = mount;

    /// <summary>Why there can be none on this machine, or null.</summary>
    public static string? Obstacle => Reason.Value;

    /// <summary>A folder on it.</summary>
    public string Folder => Path.Combine(mount, "elanus");

    public static SmallDisk Mount(int megabytes)
    {
        var mount = Directory.CreateTempSubdirectory("elanus-disk-").FullName;
        Assert.Equal(0, Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", mount));
        Directory.CreateDirectory(Path.Combine(mount, "elanus"));
        return new(mount);
    }

    /// <summary>Takes bytes of it for something else; the file to delete when they are to be free again.</summary>
    public string Occupy(int megabytes)
    {
        var path = Path.Combine(mount, "ballast");
        using var file = File.Create(path);
        file.Write(new byte[megabytes << 20]);
        return path;
    }

    public ValueTask DisposeAsync()
    {
        Assert.Equal(0, Run("umount", mount));
        Directory.Delete(mount);
        return ValueTask.CompletedTask;
    }

    private static int Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
