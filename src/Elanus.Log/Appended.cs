using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>Where a record stands and how it was stamped.</summary>
public readonly record struct Appended(LogPosition Position, Timestamp Timestamp);
