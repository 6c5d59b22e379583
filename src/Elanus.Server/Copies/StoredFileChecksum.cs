using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Server;

/// <summary>A stored file's checksums, by its path.</summary>
internal static class StoredFileChecksum
{
    /// <summary>The checksum by which the file is known, read from its ends; null for files of other kinds, and where there is none.</summary>
    /// <exception cref="StoredFileDamagedException">Its ends or its directory are damaged.</exception>
    public static async Task<ulong?> Of(IFileSystem files, string path, CancellationToken cancel)
    {
        if (!IsStored(path))
        {
            return null;
        }

        using var file = await Open(files, path, cancel);
        return file?.Reference.Checksum;
    }

    /// <summary>Compares every block of a stored file with its checksum: the sentence of the first that is damaged, or null; null too for files of other kinds.</summary>
    /// <param name="files">Where it is.</param>
    /// <param name="path">The file.</param>
    /// <param name="known">The checksum by which it must be known; null where any will do.</param>
    /// <param name="work">Where blocks are compared.</param>
    /// <param name="cancel">Stops between two blocks.</param>
    public static async Task<string?> Damage(IFileSystem files, string path, ulong? known, IWorkScheduler work, CancellationToken cancel)
    {
        if (!IsStored(path))
        {
            return null;
        }

        try
        {
            using var file = await Open(files, path, cancel);
            if (file is null || (known ?? file.Reference.Checksum) != file.Reference.Checksum)
            {
                return "it is another file";
            }

            var damage = await work.Run(WorkPriority.Background, stop => file.Verify(null, stop), cancel);
            return damage.Count > 0 ? damage[0].ToString() : null;
        }
        catch (StoredFileDamagedException damaged)
        {
            return damaged.Message;
        }
    }

    private static bool IsStored(string path) => Path.GetFileName(Path.GetDirectoryName(path)) is BackupPlanning.CheckpointFolder or BackupPlanning.SegmentFolder;

    private static ValueTask<StoredFile?> Open(IFileSystem files, string path, CancellationToken cancel) =>
        DirectorySegmentStore.AsItIs(files, Path.GetDirectoryName(path)!).OpenAsync(Path.GetFileName(path), cancel);
}
