namespace Elanus.Primitives;

/// <summary>The random id of one claim; two claims of the same number are told apart by it.</summary>
public readonly record struct ClaimId(ulong High, ulong Low)
{
    public override string ToString() => $"{High:x16}{Low:x16}";
}

/// <summary>Who may extend a log: a number that only grows, and the claim that took it. Histories compare both.</summary>
public readonly record struct Epoch(ulong Number, ClaimId Claim)
{
    /// <summary>Before the first claim.</summary>
    public static readonly Epoch None;

    public override string ToString() => $"e{Number}/{Claim.High >> 32:x8}";
}
