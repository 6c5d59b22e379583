namespace Elanus.Primitives;

/// <summary>A name in a directory, without the directory's path, and the file's length in bytes.</summary>
public readonly record struct FileEntry(string Name, bool IsDirectory, long Length);
