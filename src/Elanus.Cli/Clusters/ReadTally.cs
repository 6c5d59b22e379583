namespace Elanus.Cli;

/// <summary>What reads of one kind showed. One task counts.</summary>
internal sealed class ReadTally
{
    /// <summary>Reads that were answered.</summary>
    public int Answered { get; private set; }

    /// <summary>Those that lacked what they had to show, or showed something else for it.</summary>
    public int Stale { get; private set; }

    /// <summary>The longest time for which one waited.</summary>
    public TimeSpan Longest { get; private set; }

    public void Add(bool shown, TimeSpan took)
    {
        Answered++;
        Stale += shown ? 0 : 1;
        Longest = took > Longest ? took : Longest;
    }
}
