namespace Elanus.Storage;

/// <summary>A named run of bytes in a stored file; its offset is a multiple of 64.</summary>
public readonly record struct StoredSection(string Name, long Offset, long Length);
