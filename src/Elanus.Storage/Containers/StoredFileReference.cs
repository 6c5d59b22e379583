namespace Elanus.Storage;

/// <summary>Names one whole file: two files with equal references hold the same bytes.</summary>
/// <param name="Name">Its name in the store; never used again for other content.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Checksum">Over header and directory, and by the directory's block checksums over everything.</param>
public sealed record StoredFileReference(string Name, long Length, ulong Checksum);
