namespace Elanus.Log;

/// <summary>Why a node claimed an epoch. The numbers stand in fences (docs/formats.md).</summary>
public enum ClaimCause
{
    /// <summary>Not told: the fence is of format 1, or a newer program wrote it.</summary>
    Unknown = 0,

    /// <summary>There was no epoch before, or the node is alone.</summary>
    Formed = 1,

    /// <summary>The holder's process had ended and started anew.</summary>
    Restarted = 2,

    /// <summary>The connection to the active closed, and its host refused another one.</summary>
    ConnectionRefused = 3,

    /// <summary>The active's supervisor told that its process had ended.</summary>
    ProcessEnded = 4,

    /// <summary>The active was silent, or made no progress, for longer than is borne.</summary>
    Silent = 5,

    /// <summary>The active asked for it: a planned switchover.</summary>
    HandedOver = 6,

    /// <summary>An operator forced it.</summary>
    Forced = 7,
}
