namespace Elanus.Roles;

/// <summary>What became of a write.</summary>
/// <param name="Timestamp">Of its record.</param>
/// <param name="First">Null where this write was appended; else what its request had done before, and this one was not appended.</param>
public readonly record struct Written(Timestamp Timestamp, RequestOutcome? First);
