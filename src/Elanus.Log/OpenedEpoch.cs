using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>An epoch that was opened: its committed fence, and the first position that its owner writes.</summary>
public readonly record struct OpenedEpoch(Fence Fence, LogPosition Next);
