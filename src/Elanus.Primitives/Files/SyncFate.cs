namespace Elanus.Primitives;

/// <summary>What a simulated disk does with a sync.</summary>
public enum SyncFate
{
    /// <summary>What was written is durable.</summary>
    Honest,

    /// <summary>The disk says yes and makes nothing durable; a later honest sync does.</summary>
    Lost,

    /// <summary>The sync fails, and what was written before it becomes durable by no later one, unless it is written again.</summary>
    Failed,
}
