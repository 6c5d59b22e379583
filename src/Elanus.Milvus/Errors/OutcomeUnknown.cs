using Elanus.Log;

namespace Elanus.Milvus;

/// <summary>
/// What a client is told whose call may or may not have been done: the log died under it, or the node that had it did not answer. Milvus's
/// clients try such a call again.
/// </summary>
public static class OutcomeUnknown
{
    /// <summary>The header, or trailer, that marks such an answer for whoever passed the call on.</summary>
    public const string Header = "elanus-outcome";

    public static Failure Of(string why) => Failure.Of(FailureCode.Unavailable, ("reason", $"outcome unknown: {why}"));

    internal static Failure Of(LogDeadException dead) => Of($"{dead.Message}; the server is about to stop");
}
