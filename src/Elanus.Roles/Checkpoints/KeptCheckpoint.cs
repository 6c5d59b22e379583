namespace Elanus.Roles;

/// <summary>A whole checkpoint: its name, the timestamp of the last record in it, its bytes, and the segment files that it names.</summary>
public sealed record KeptCheckpoint(CheckpointName Name, Timestamp Timestamp, long Bytes, IReadOnlyList<string> Files);
