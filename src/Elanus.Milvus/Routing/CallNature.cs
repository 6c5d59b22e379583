namespace Elanus.Milvus;

/// <summary>Whether a call may be sent again when nobody knows what became of it.</summary>
public enum CallNature
{
    /// <summary>Changes nothing: it may be repeated.</summary>
    Read,

    /// <summary>Carries a request id into the log: repeated under the same id it is done once.</summary>
    IdentifiedWrite,

    /// <summary>A change without an id: when the answer is lost its outcome is unknown.</summary>
    Change,
}
