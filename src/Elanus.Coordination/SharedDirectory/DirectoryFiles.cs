namespace Elanus.Coordination;

/// <summary>Whole small files of a shared directory. Failures of the file system are <see cref="IOException"/>s; its caller makes them sentences.</summary>
internal sealed class DirectoryFiles(IFileSystem files)
{
    /// <summary>More than any record needs: a file that is larger was not written by Elanus.</summary>
    private const int BytesMax = 1 << 20;

    public async ValueTask<byte[]?> ReadAsync(string path)
    {
        await using var file = await files.OpenAsync(path, FileIntent.Read, CancellationToken.None);
        if (file is null)
        {
            return null;
        }

        var length = await file.LengthAsync(CancellationToken.None);
        if (length > BytesMax)
        {
            throw new IOException($"{path} is {length} bytes long, which nothing that Elanus writes there is");
        }

        var bytes = new byte[length];
        var count = await file.ReadAsync(0, bytes, CancellationToken.None);
        return bytes[..count];
    }

    public async ValueTask<bool> ExistsAsync(string path)
    {
        await using var file = await files.OpenAsync(path, FileIntent.Read, CancellationToken.None);
        return file is not null;
    }

    /// <summary>
    /// A new file of a name that nobody else knows yet; durable where that is asked for. Where it fails nothing is left of it, so that a share which has no room (some say so at the fsync) may be
    /// tried again.
    /// </summary>
    public async ValueTask WriteAsync(string path, byte[] bytes, bool durable)
    {
        try
        {
            await using var file = Answered(await files.CreateAsync(path, CancellationToken.None));
            ReadOnlyMemory<byte>[] pieces = [bytes];
            Answered(durable ? await file.WriteDurablyAsync(0, pieces, CancellationToken.None) : await file.WriteAsync(0, pieces, CancellationToken.None));
        }
        catch (IOException failed)
        {
            await RemoveAsync(path);
            throw failed is FailedSyncException ? new IOException($"{path} could not be written: {failed.Message}", failed) : failed;
        }
    }

    public async ValueTask<bool> LinkAsync(string existing, string added) => Answered(await files.LinkAsync(existing, added, CancellationToken.None));

    public async ValueTask ReplaceAsync(string from, string to) => Answered(await files.RenameAsync(from, to, CancellationToken.None));

    public ValueTask<bool> DeleteAsync(string path) => files.DeleteAsync(path, CancellationToken.None);

    public ValueTask<IReadOnlyList<FileEntry>?> ListAsync(string directory) => files.ListAsync(directory, CancellationToken.None);

    public ValueTask SyncAsync(string directory) => files.SyncDirectoryAsync(directory, CancellationToken.None);

    public async ValueTask MakeDirectoryAsync(string path) => Answered(await files.CreateDirectoryAsync(path, CancellationToken.None));

    private async ValueTask RemoveAsync(string path)
    {
        try
        {
            await files.DeleteAsync(path, CancellationToken.None);
        }
        catch (IOException)
        {
            // Whoever reads the folder removes what was left.
        }
    }

    private static T Answered<T>(Result<T> result) =>
        result.TryGet(out var value, out var why) ? value : throw new IOException(why.ToString());
}
