using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>What came of a restore: a new node, the last record that it has, and the time that it is as of.</summary>
public sealed record RestoredNode(NodeId Node, LogPosition Last, Timestamp AsOf);
