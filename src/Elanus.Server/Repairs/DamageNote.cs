using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Server;

/// <summary>What a process found damaged while it ran and a start would not see at once, in a small file for the next start.</summary>
internal static class DamageNote
{
    private const string FileName = "damage.note";

    /// <summary>Null where there is none.</summary>
    public static async Task<string?> Read(IFileSystem files, string data, CancellationToken cancel) =>
        await SmallFile.Read(files, PathOf(data), cancel) is { } found
            ? $"{found} (found by an earlier process and noted in {PathOf(data)}; without that file this node starts, and ends once the damage is found again, minutes later at most. The way out is a backup, or what `elanus salvage` can read)"
            : null;

    /// <summary>Writes it where the reason of a node's end is a damaged file of its store; where that fails the next process finds it again.</summary>
    public static async Task Leave(IFileSystem files, string data, Exception reason, CancellationToken cancel)
    {
        if ((reason as StoredFileDamagedException ?? reason.InnerException as StoredFileDamagedException) is not { } damaged)
        {
            return;
        }

        try
        {
            await SmallFile.Write(files, data, FileName, damaged.Message, cancel);
        }
        catch (IOException)
        {
            // The disk takes nothing any more: the damage is the reason of the end all the same.
        }
    }

    public static ValueTask<bool> Remove(IFileSystem files, string data, CancellationToken cancel) => files.DeleteAsync(PathOf(data), cancel);

    private static string PathOf(string data) => $"{data}/{FileName}";
}
