namespace Elanus.Coordination;

/// <summary>That a process acts: its epoch, and a number that grows only while its log and its requests make progress.</summary>
public sealed record AliveNote(Epoch Epoch, NodeId Node, long Progress);
