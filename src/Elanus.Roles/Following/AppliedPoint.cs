namespace Elanus.Roles;

/// <summary>A place between two records: the last one applied, its timestamp, and the epoch that wrote it.</summary>
public readonly record struct AppliedPoint(LogPosition Position, Timestamp Timestamp, Epoch Epoch);
