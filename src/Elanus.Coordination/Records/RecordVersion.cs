namespace Elanus.Coordination;

/// <summary>
/// What a change or a confirmation compares: the number that grows with every change of the record, and the nonce of the change that made it. A store that came back from an old copy
/// uses numbers again, never nonces.
/// </summary>
public readonly record struct RecordVersion(long Number, ChangeNonce Nonce)
{
    /// <summary>Of a record that is not there.</summary>
    public static readonly RecordVersion None;

    public override string ToString() => $"{Number} ({Nonce})";
}
