using Elanus.Log;

namespace Elanus.Milvus;

/// <summary>
/// What a client is told whose call the log died under: a write may or may not be durable, and only the next start can tell. Milvus's clients
/// try such a call again.
/// </summary>
internal static class OutcomeUnknown
{
    public static Failure Of(LogDeadException dead) =>
        Failure.Of(FailureCode.Unavailable, ("reason", $"outcome unknown: {dead.Message}; the server is about to stop"));
}
