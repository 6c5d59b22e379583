namespace Elanus.Coordination;

/// <summary>
/// What becomes of one call on its way to an arbiter and back. The request arrives after <paramref name="RequestDelay"/> even where its caller gave
/// up before: that is the change that takes effect late. A caller whose reply does not come waits until it cancels.
/// </summary>
public readonly record struct ArbiterFate(TimeSpan RequestDelay, TimeSpan ReplyDelay, LostPart Lost)
{
    /// <summary>There and back at once.</summary>
    public static readonly ArbiterFate Prompt;

    /// <summary>The request never arrives.</summary>
    public static readonly ArbiterFate RequestLost = new(default, default, LostPart.Request);

    /// <summary>The request takes effect at once; nobody hears of it.</summary>
    public static readonly ArbiterFate ReplyLost = new(default, default, LostPart.Reply);

    /// <summary>The request takes effect after a while.</summary>
    public static ArbiterFate Late(TimeSpan requestDelay) => new(requestDelay, default, LostPart.Nothing);
}

/// <summary>Which of the two messages of a call is lost.</summary>
public enum LostPart
{
    Nothing,
    Request,
    Reply,
}
