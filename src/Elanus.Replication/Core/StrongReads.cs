namespace Elanus.Replication;

/// <summary>
/// Strong reads that wait for a confirmation that began after they came: a round in which every other member answers under the own epoch, or,
/// alone, the arbiter's confirmation. Rounds follow one another; reads that come meanwhile share the next.
/// </summary>
internal sealed class StrongReads(CoreContext core)
{
    private readonly Queue<(long Ticket, ulong Position, ulong Round)> waiting = new();
    private ulong lastNeeded;

    /// <summary>The last round that began.</summary>
    public ulong Round { get; private set; }

    public bool Any => waiting.Count > 0;

    /// <summary>The last round that some read needs; 0 where none does.</summary>
    public ulong Needed => waiting.Count > 0 ? lastNeeded : 0;

    public void Add(long ticket, ulong position)
    {
        if (!core.Rules.StrongReadsAreConfirmed)
        {
            core.Emit(new AnswerRead(ticket, position));
            return;
        }

        // Rounds only grow, so the last to come needs the last one.
        lastNeeded = core.Rules.ConfirmationBeginsAfterRead ? Round + 1 : Round;
        waiting.Enqueue((ticket, position, lastNeeded));
    }

    /// <summary>True where a round has to begin now: some read waits for it, and the one before is over.</summary>
    public bool Begin(ulong confirmed)
    {
        if (waiting.Count == 0 || confirmed < Round || Needed <= Round)
        {
            return false;
        }

        Round++;
        return true;
    }

    public void Answer(ulong confirmed)
    {
        while (waiting.TryPeek(out var read) && read.Round <= confirmed)
        {
            waiting.Dequeue();
            core.Emit(new AnswerRead(read.Ticket, read.Position));
        }
    }
}
