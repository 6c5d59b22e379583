namespace Elanus.Coordination;

/// <summary>A node of a cluster and where others reach it: HOST:PORT.</summary>
public sealed record Member(NodeId Node, string Address);
