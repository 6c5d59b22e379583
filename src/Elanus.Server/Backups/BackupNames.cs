namespace Elanus.Server;

/// <summary>Names of files in a backup come from elsewhere: only a folder and a plain name lead into the directory and not out of it.</summary>
internal static class BackupNames
{
    private static readonly string[] Folders = ["checkpoints", "segments", "log"];

    public static bool AreSafe(string name) =>
        name.Split('/') is [var folder, { Length: > 0 } file]
        && Folders.Contains(folder)
        && file[0] != '.'
        && file.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
