namespace Elanus.Replication;

/// <summary>The world of one replica.</summary>
public sealed record ReplicaSeams(IFileSystem Files, TimeProvider Time, IRandomSource Random, HybridClock Clock);
