namespace Elanus.Simulation.Tests;

/// <summary>A bug that a test puts between a node's roles and its log.</summary>
public enum LogBug
{
    /// <summary>What is not yet durable is applied and shown.</summary>
    AppliesBeyondCommit,

    /// <summary>A delete is committed, and not applied.</summary>
    DropsDeletes,

    /// <summary>A user is committed, and not applied: no client of the simulation would see it.</summary>
    LosesUsers,

    /// <summary>A bit of a row flips on its way from the disk, and no checksum is looked at.</summary>
    ServesFlippedBits,

    /// <summary>A write is acknowledged and never written.</summary>
    ForgetsWrites,

    /// <summary>A write is written twice, as a retry without an id would.</summary>
    WritesTwice,

    /// <summary>A write is refused and written all the same.</summary>
    RefusesWhatItWrote,

    /// <summary>A Strong read is confirmed by a position that was committed a while ago.</summary>
    ConfirmsOldPositions,

    /// <summary>A standby says that the active's clock has passed a moment as soon as it is asked.</summary>
    PromisesUnheard,

    /// <summary>After a while nothing is answered any more.</summary>
    Hangs,
}
