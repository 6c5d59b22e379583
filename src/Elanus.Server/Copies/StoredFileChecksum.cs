using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Server;

/// <summary>The checksum by which a stored file is known, read from its ends; null for files of other kinds, and where there is none.</summary>
internal static class StoredFileChecksum
{
    /// <exception cref="StoredFileDamagedException">Its ends or its directory are damaged.</exception>
    public static async Task<ulong?> Of(IFileSystem files, string path, CancellationToken cancel)
    {
        var folder = Path.GetDirectoryName(path);
        if (Path.GetFileName(folder) is not (BackupPlanning.CheckpointFolder or BackupPlanning.SegmentFolder))
        {
            return null;
        }

        using var file = await DirectorySegmentStore.AsItIs(files, folder!).OpenAsync(Path.GetFileName(path), cancel);
        return file?.Reference.Checksum;
    }
}
