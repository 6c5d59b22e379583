namespace Elanus.Replication.Tests;

/// <summary>An invariant of docs/schedules.md does not hold.</summary>
internal sealed class ViolationException(string message) : Exception(message);
