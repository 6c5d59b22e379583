namespace Elanus.Replication;

/// <summary>One file of a copy.</summary>
/// <param name="Name">Folder and name within a data directory.</param>
/// <param name="Bytes">How many of its bytes belong to the copy.</param>
/// <param name="Checksum">Two files of one name and checksum hold the same bytes; null where that cannot be told, and the file is fetched in any case.</param>
public sealed record CopyFile(string Name, long Bytes, ulong? Checksum);
