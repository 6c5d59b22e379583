namespace Elanus.Coordination;

/// <summary>Names one attempt to change a record, or one confirmation; drawn at random.</summary>
public readonly record struct ChangeNonce(ulong High, ulong Low)
{
    public override string ToString() => $"{High:x16}{Low:x16}";
}
