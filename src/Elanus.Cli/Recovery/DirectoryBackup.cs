using Elanus.Primitives;
using Elanus.Server;

namespace Elanus.Cli;

/// <summary>A backup of a stopped server's directory.</summary>
internal static class DirectoryBackup
{
    public static async Task<Result<BackupManifest>> Run(IFileSystem files, string path, string to, Action<long, long> progress, CancellationToken cancel)
    {
        if (!(await DataDirectory.OpenExisting(files, path, cancel)).TryGet(out var directory, out var failure))
        {
            return failure;
        }

        await using (directory)
        {
            await using var work = new PooledWork();
            if (!(await BackupPlanning.Of(files, directory, DirectoryInspection.Channel, work, cancel)).TryGet(out var plan, out failure))
            {
                return failure;
            }

            return (await BackupCopy.Run(files, plan, to, work, done => progress(done, plan.Bytes), cancel)).TryGet(out _, out failure) ? plan.Manifest : failure;
        }
    }
}
