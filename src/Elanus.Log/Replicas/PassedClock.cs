using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>Every record with a timestamp up to <paramref name="At"/> lies at or below <paramref name="End"/>, in this epoch and in every later one.</summary>
public readonly record struct PassedClock(Timestamp At, LogPosition End);
