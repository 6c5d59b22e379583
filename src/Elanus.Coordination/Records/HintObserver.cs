namespace Elanus.Coordination;

/// <summary>
/// Tells a hint that is renewed from one that only lies there, by the reader's own clock: no two hosts' clocks are ever compared. A hint that is
/// seen for the first time counts as renewed now. Any thread may call it.
/// </summary>
internal sealed class HintObserver(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (string Beat, long Since)> seen = [];

    public AliveNote? Observe(string role, AliveHint? hint)
    {
        lock (gate)
        {
            if (hint is null)
            {
                seen.Remove(role);
                return null;
            }

            if (!seen.TryGetValue(role, out var last) || last.Beat != hint.Beat)
            {
                seen[role] = last = (hint.Beat, time.GetTimestamp());
            }

            return time.GetElapsedTime(last.Since) < hint.Lifetime ? hint.Note : null;
        }
    }
}
