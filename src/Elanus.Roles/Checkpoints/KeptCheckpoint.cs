namespace Elanus.Roles;

/// <summary>A whole checkpoint: its name, the timestamp of the last record in it, and its bytes.</summary>
public readonly record struct KeptCheckpoint(CheckpointName Name, Timestamp Timestamp, long Bytes);
