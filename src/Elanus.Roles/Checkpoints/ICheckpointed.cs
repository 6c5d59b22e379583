namespace Elanus.Roles;

/// <summary>A state machine whose state goes into checkpoints: all that applying the next record depends on.</summary>
public interface ICheckpointed
{
    /// <summary>
    /// References to the state as it is, called between two records and quick. What it gives is written while records go on being applied, and disposed then.
    /// </summary>
    ICapturedState Capture();

    /// <summary>Becomes the state that a checkpoint holds; once, before any record. Throws <see cref="InvalidDataException"/> where the bytes are not that.</summary>
    Task Restore(Checkpoint from, CancellationToken cancel);
}
