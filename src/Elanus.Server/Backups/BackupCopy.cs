using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>Writes what a plan names into an empty directory, whose backup is whole when this succeeds.</summary>
public static class BackupCopy
{
    /// <param name="files">The file system of both.</param>
    /// <param name="plan">What to copy; its files stay until this ends.</param>
    /// <param name="to">An absolute path.</param>
    /// <param name="work">Where checksums are compared.</param>
    /// <param name="progress">Is told the bytes done.</param>
    /// <param name="cancel">Stops between two pieces.</param>
    public static async Task<Result<Unit>> Run(IFileSystem files, BackupPlan plan, string to, IWorkScheduler work, Action<long> progress, CancellationToken cancel)
    {
        await using var target = new BackupTarget(files, to, work);
        if (!(await target.Begin(cancel)).TryGet(out _, out var failure))
        {
            return failure;
        }

        long done = 0;
        await foreach (var (name, bytes) in plan.Read(files, cancel))
        {
            if (!(await target.Write(name, bytes, cancel)).TryGet(out _, out failure))
            {
                return failure;
            }

            progress(done += bytes.Length);
        }

        return await target.End(plan.Manifest, cancel);
    }
}
