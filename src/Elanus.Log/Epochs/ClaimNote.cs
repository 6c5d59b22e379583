using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>Who claimed an epoch and why, for whoever reads its fence; nothing depends on it. Fences of format 1 do not carry it.</summary>
public readonly record struct ClaimNote(NodeId Holder, ClaimCause Cause);
