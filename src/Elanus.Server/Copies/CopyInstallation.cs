using System.Text.Json;
using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>
/// Ends what <see cref="CopyStaging"/> decided: the copy's files take the place of the node's. Every step may come twice, and the mark goes last, so that a start
/// after a stop in the middle goes on where it was. The caller has locked the directory, and synced it and the copy's: the mark is there, or not, for good.
/// </summary>
internal static class CopyInstallation
{
    /// <summary>Where it was decided and not ended: the sentence for those who look at a stopped node's directory; null elsewhere.</summary>
    public static async Task<Failure?> Unfinished(IFileSystem files, string data, CancellationToken cancel) =>
        (await files.ListAsync($"{data}/{CopyStaging.Folder}", cancel) ?? []).Any(entry => entry.Name == CopyStaging.MarkName)
            ? new(FailureCode.Unavailable, $"a copy of another node's state is being put into effect in {data}: start the server once, which ends it")
            : null;

    /// <summary>Does it where it was decided; a mark that cannot be read is a failure.</summary>
    public static async Task<Result<Unit>> Finish(IFileSystem files, string data, CancellationToken cancel)
    {
        var staging = $"{data}/{CopyStaging.Folder}";
        var mark = $"{staging}/{CopyStaging.MarkName}";
        string[]? names;
        await using (var file = await files.OpenAsync(mark, FileIntent.Read, cancel))
        {
            if (file is null)
            {
                return Result.Ok;
            }

            var bytes = new byte[await file.LengthAsync(cancel)];
            await file.ReadAsync(0, bytes, cancel);
            names = Read(bytes);
        }

        if (names is null)
        {
            return new Failure(FailureCode.Internal, $"{mark} cannot be read: a copy of another node's state was being put into effect; keep {data} for `elanus salvage` and start with an empty directory");
        }

        var wanted = names.ToHashSet();
        foreach (var folder in CopyStaging.Folders)
        {
            if (!(await files.CreateDirectoryAsync($"{data}/{folder}", cancel)).TryGet(out _, out var failure))
            {
                return failure;
            }

            foreach (var entry in await files.ListAsync($"{data}/{folder}", cancel) ?? [])
            {
                if (!wanted.Contains($"{folder}/{entry.Name}"))
                {
                    await files.DeleteAsync($"{data}/{folder}/{entry.Name}", cancel);
                }
            }

            foreach (var entry in await files.ListAsync($"{staging}/{folder}", cancel) ?? [])
            {
                if (wanted.Contains($"{folder}/{entry.Name}")
                    && !(await files.RenameAsync($"{staging}/{folder}/{entry.Name}", $"{data}/{folder}/{entry.Name}", cancel)).TryGet(out _, out failure))
                {
                    return failure;
                }
            }

            await files.SyncDirectoryAsync($"{data}/{folder}", cancel);
            await files.SyncDirectoryAsync($"{staging}/{folder}", cancel);
        }

        await files.SyncDirectoryAsync(data, cancel);
        await files.DeleteAsync(mark, cancel);
        await files.SyncDirectoryAsync(staging, cancel);
        await CopyStaging.Remove(files, staging, cancel);
        await files.SyncDirectoryAsync(data, cancel);
        return Result.Ok;
    }

    private static string[]? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return KeptJson.ReadNames(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
