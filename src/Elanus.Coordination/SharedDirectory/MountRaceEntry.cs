namespace Elanus.Coordination;

/// <summary>What one node saw of a race: whether it made the name, and whose id it read under it afterwards.</summary>
public sealed record MountRaceEntry(NodeId Node, bool Won, string Seen);
