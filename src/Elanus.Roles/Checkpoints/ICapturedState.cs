namespace Elanus.Roles;

/// <summary>One state machine's state at one position, unchanging until it is disposed. One thread at a time.</summary>
public interface ICapturedState : IDisposable
{
    /// <summary>Its sections, whose names no other state machine uses.</summary>
    IReadOnlyList<CheckpointSection> Sections { get; }
}
