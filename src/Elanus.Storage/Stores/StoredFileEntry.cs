namespace Elanus.Storage;

/// <summary>A file of a store: its name and its length in bytes.</summary>
public readonly record struct StoredFileEntry(string Name, long Length);
