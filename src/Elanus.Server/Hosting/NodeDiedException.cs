namespace Elanus.Server;

/// <summary>The node cannot go on; what was in flight has an unknown outcome until the next start reads the disk.</summary>
public sealed class NodeDiedException(Exception why) : Exception($"the server stopped itself: {why.Message}", why);
