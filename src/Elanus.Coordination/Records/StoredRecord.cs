namespace Elanus.Coordination;

/// <summary>
/// A role's record as the arbiter holds it. <paramref name="Version"/> grows with every change of the record and is never used again;
/// <paramref name="Nonce"/> is that of the change that made it, so that its maker knows it for its own.
/// </summary>
public sealed record StoredRecord(RoleRecord Record, long Version, ChangeNonce Nonce);
