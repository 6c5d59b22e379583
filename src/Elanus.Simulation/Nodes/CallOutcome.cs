namespace Elanus.Simulation;

/// <summary>What a client knows after a call.</summary>
public enum CallEnd
{
    /// <summary>The node answered, with success or a failure.</summary>
    Answered,

    /// <summary>Nobody listened: nothing was sent.</summary>
    NotSent,

    /// <summary>The call was sent and no answer came: it may have happened.</summary>
    Lost,
}

/// <summary>The end of a call, the positions that the node had applied when it began, and committed and applied when it answered, and its epoch.</summary>
public readonly record struct CallOutcome<T>(CallEnd End, Result<T> Answer, ulong AppliedBefore, ulong Committed, ulong Applied, Epoch Epoch)
{
    public static readonly CallOutcome<T> NotSent = new(CallEnd.NotSent, default, 0, 0, 0, Epoch.None);

    public static readonly CallOutcome<T> Lost = new(CallEnd.Lost, default, 0, 0, 0, Epoch.None);
}
