namespace Elanus.Coordination;

/// <summary>
/// A role's record as the arbiter holds it. The number of <paramref name="Version"/> grows with every change of the record; by its nonce the maker of the change knows it for
/// its own.
/// </summary>
public sealed record StoredRecord(RoleRecord Record, RecordVersion Version)
{
    public ChangeNonce Nonce => Version.Nonce;
}
