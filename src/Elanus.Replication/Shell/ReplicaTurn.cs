namespace Elanus.Replication;

/// <summary>A change of the active that this node saw: when, on its own clock, and why as far as it knows.</summary>
public sealed record ReplicaTurn(Epoch Epoch, Member Holder, DateTimeOffset At, string Why);
