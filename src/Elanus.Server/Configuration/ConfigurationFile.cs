using System.Text;
using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>Finds and reads the configuration file.</summary>
public static class ConfigurationFile
{
    public const string DefaultPath = "./elanus.yaml";

    private const int BytesMax = 1 << 20;

    /// <summary>The text of the named file, which must be there; without a name that of <see cref="DefaultPath"/>, or null where there is none.</summary>
    public static async Task<Result<string?>> ReadAsync(IFileSystem files, string? named, CancellationToken cancel)
    {
        var path = named ?? DefaultPath;
        try
        {
            await using var file = await files.OpenAsync(path, FileIntent.Read, cancel);
            if (file is null)
            {
                return named is null ? Result<string?>.Ok(null) : Failure.Invalid($"--config: there is no file {path}");
            }

            var length = await file.LengthAsync(cancel);
            if (length > BytesMax)
            {
                return Failure.Invalid($"{path}: {length} bytes; a configuration has at most {BytesMax}");
            }

            var bytes = new byte[length];
            var read = await file.ReadAsync(0, bytes, cancel);
            return Encoding.UTF8.GetString(bytes, 0, read);
        }
        catch (IOException refused)
        {
            return Failure.Invalid($"{path}: {refused.Message}");
        }
    }
}
