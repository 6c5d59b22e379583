namespace Elanus.Coordination;

/// <summary>An alive note as a store keeps it; the beat differs with every renewal.</summary>
internal sealed record AliveHint(AliveNote Note, string Beat, TimeSpan Lifetime);
