namespace Elanus.Server;

/// <summary>One file of a backup: its path in it, its bytes, and the CRC-32C of those.</summary>
public sealed record BackupFile(string Name, long Bytes, uint Crc);
