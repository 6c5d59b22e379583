using Elanus.Log;
using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>
/// Ends what <see cref="MemberRepair"/> decided: what the node held is kept aside, and the directory belongs to a new node that holds nothing. Every step may come
/// twice. A file has its second name, durably, before it loses its first. The caller has locked the directory, and synced it.
/// </summary>
internal static class RepairInstallation
{
    /// <summary>Folder of what damaged members held, each under its id.</summary>
    internal const string Folder = "damaged";

    /// <summary>Where what a node held is kept.</summary>
    public static string KeptOf(string data, NodeId node) => $"{data}/{Folder}/{node}";

    /// <summary>Where it was decided and not ended: the sentence for those who look at a stopped node's directory; null elsewhere.</summary>
    public static async Task<Failure?> Unfinished(IFileSystem files, string data, CancellationToken cancel) =>
        !(await RepairMark.Read(files, data, cancel)).TryGet(out var mark, out var failure) ? failure
        : mark is null ? null
        : new(FailureCode.Unavailable, $"what the damaged member {mark.GivenUp} held is being put aside in {data}: start the server once, which ends it");

    public static async Task<Result<Unit>> Finish(IFileSystem files, string data, CancellationToken cancel)
    {
        if (!(await RepairMark.Read(files, data, cancel)).TryGet(out var mark, out var failure))
        {
            return failure;
        }

        if (mark is null)
        {
            return Result.Ok;
        }

        Invariant.Holds(mark.Next != mark.GivenUp, $"node {mark.GivenUp} has lost records, and would go on under the same id");
        var kept = KeptOf(data, mark.GivenUp);
        if (!(await KeptDirectory.Make(files, data, kept, cancel)).TryGet(out _, out failure))
        {
            return failure;
        }

        // The promise is replaced and never missing; the commit position is one of records that are no longer here.
        if (!(await files.CreateDirectoryAsync($"{data}/{BackupPlanning.LogFolder}", cancel)).TryGet(out _, out failure)
            || !(await new EpochPromise(mark.Seen, 0).KeepAsync(files, $"{data}/{BackupPlanning.LogFolder}", cancel)).TryGet(out _, out failure)
            || !(await DataDirectory.Identify(files, data, mark.Next, cancel)).TryGet(out _, out failure))
        {
            return failure;
        }

        foreach (var folder in CopyStaging.Folders)
        {
            foreach (var entry in await files.ListAsync($"{data}/{folder}", cancel) ?? [])
            {
                if (!entry.IsDirectory && entry.Name != EpochPromise.FileName)
                {
                    await files.DeleteAsync($"{data}/{folder}/{entry.Name}", cancel);
                }
            }

            await SyncWhereThere(files, $"{data}/{folder}", cancel);
        }

        await NodeStarts.Forget(files, data, cancel);
        await DamageNote.Remove(files, data, cancel);
        await files.SyncDirectoryAsync(data, cancel);
        await RepairMark.Remove(files, data, cancel);
        await files.SyncDirectoryAsync(data, cancel);
        return Result.Ok;
    }

    private static async Task SyncWhereThere(IFileSystem files, string directory, CancellationToken cancel)
    {
        if (await files.ListAsync(directory, cancel) is not null)
        {
            await files.SyncDirectoryAsync(directory, cancel);
        }
    }
}
