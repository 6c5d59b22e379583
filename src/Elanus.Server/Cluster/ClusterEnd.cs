namespace Elanus.Server;

/// <summary>Why a member's process ends that did not fail.</summary>
public enum ClusterEnd
{
    Asked,

    /// <summary>The next process goes on with what this one has fetched, or as a new member where this one found damage.</summary>
    StartsAgain,

    /// <summary>Another node has become active; the next process follows it.</summary>
    Overtaken,
}
