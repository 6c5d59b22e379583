using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>
/// All that a node holds, under second names in a directory of its own that <c>elanus salvage</c> and <c>elanus verify</c> read: its files have lost nothing when their first
/// names go. May be made again where a stop came between.
/// </summary>
internal static class KeptDirectory
{
    /// <summary>Durable when it is answered; no room is a failure.</summary>
    /// <param name="files">Where both are.</param>
    /// <param name="data">The data directory.</param>
    /// <param name="kept">The path of the new one, within it.</param>
    /// <param name="cancel">Stops between two files.</param>
    public static async Task<Result<Unit>> Make(IFileSystem files, string data, string kept, CancellationToken cancel)
    {
        var failure = new Failure(FailureCode.Internal, "");
        foreach (var folder in CopyStaging.Folders)
        {
            if (!(await files.CreateDirectoryAsync($"{kept}/{folder}", cancel)).TryGet(out _, out failure!))
            {
                return failure;
            }

            foreach (var entry in (await files.ListAsync($"{data}/{folder}", cancel) ?? []).Where(entry => !entry.IsDirectory && !entry.Name.EndsWith(".tmp", StringComparison.Ordinal)))
            {
                if (!(await files.LinkAsync($"{data}/{folder}/{entry.Name}", $"{kept}/{folder}/{entry.Name}", cancel)).TryGet(out _, out failure!))
                {
                    return failure;
                }
            }

            await files.SyncDirectoryAsync($"{kept}/{folder}", cancel);
        }

        if (!(await files.LinkAsync($"{data}/{DataDirectory.IdentityName}", $"{kept}/{DataDirectory.IdentityName}", cancel)).TryGet(out _, out failure!))
        {
            return failure;
        }

        await files.SyncDirectoryAsync(kept, cancel);
        await files.SyncDirectoryAsync(Path.GetDirectoryName(kept)!, cancel);
        await files.SyncDirectoryAsync(data, cancel);
        return Result.Ok;
    }
}
