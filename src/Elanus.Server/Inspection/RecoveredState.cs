using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>A logical state that was recovered for looking at.</summary>
/// <param name="Position">The last record in it.</param>
/// <param name="Hash">Of rows, metadata and the outcomes of calls: the same wherever the same records were applied, whatever the files look like.</param>
/// <param name="Collections">Collections.</param>
/// <param name="Rows">Rows that were inserted and not deleted.</param>
public sealed record RecoveredState(LogPosition Position, ulong Hash, int Collections, long Rows);
