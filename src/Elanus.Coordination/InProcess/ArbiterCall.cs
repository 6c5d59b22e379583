namespace Elanus.Coordination;

/// <summary>A call on its way to an arbiter: what it asks and for which role.</summary>
public readonly record struct ArbiterCall(ArbiterRequest Request, string Role);

/// <summary>What is asked of an arbiter.</summary>
public enum ArbiterRequest
{
    Read,
    Change,
    Confirm,
    Announce,
    Withdraw,
    ReadAlive,
    Value,
}
