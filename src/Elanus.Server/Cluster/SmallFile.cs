using System.Text;
using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>A few words in a file of the data directory, replaced as a whole and durably.</summary>
internal static class SmallFile
{
    /// <summary>Null where there is none.</summary>
    public static async Task<string?> Read(IFileSystem files, string path, CancellationToken cancel)
    {
        if (await files.OpenAsync(path, FileIntent.Read, cancel) is not { } file)
        {
            return null;
        }

        await using (file)
        {
            var text = new byte[await file.LengthAsync(cancel)];
            await file.ReadAsync(0, text, cancel);
            return Encoding.UTF8.GetString(text);
        }
    }

    public static async Task<Result<Unit>> Write(IFileSystem files, string directory, string name, string text, CancellationToken cancel)
    {
        var passing = $"{directory}/{name}.tmp";
        await files.DeleteAsync(passing, cancel);
        if (!(await files.CreateAsync(passing, cancel)).TryGet(out var file, out var failure))
        {
            return failure;
        }

        await using (file)
        {
            var written = await file.WriteDurablyAsync(0, [Encoding.UTF8.GetBytes(text)], cancel);
            if (!written.Succeeded)
            {
                return written;
            }
        }

        var named = await files.RenameAsync(passing, $"{directory}/{name}", cancel);
        await files.SyncDirectoryAsync(directory, cancel);
        return named;
    }
}
