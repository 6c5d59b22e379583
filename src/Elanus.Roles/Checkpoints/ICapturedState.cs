namespace Elanus.Roles;

/// <summary>One state machine's state at one position, unchanging until it is disposed. One thread at a time.</summary>
public interface ICapturedState : IDisposable
{
    /// <summary>Its sections, whose names no other state machine uses.</summary>
    IReadOnlyList<CheckpointSection> Sections { get; }

    /// <summary>Bytes that its sections have at least, as far as that is known before they are made.</summary>
    long BytesMin => 0;

    /// <summary>Names of files in the segment store that the sections name: they stay as long as the checkpoint does.</summary>
    IReadOnlyList<string> Files => [];
}
