using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>What a call did: its mark, and where its write stands.</summary>
public readonly record struct RequestOutcome(RequestMark Mark, LogPosition Position, Timestamp Timestamp);
