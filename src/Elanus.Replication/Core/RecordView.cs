namespace Elanus.Replication;

/// <summary>
/// The arbiter's record as far as this node knows it. One read at a time; what is asked meanwhile is asked once more afterwards, so that an
/// answer always began after the question.
/// </summary>
internal sealed class RecordView(CoreContext core)
{
    private bool reading;
    private bool again;
    private long lastRead = long.MinValue / 2;
    private Epoch knownBefore;

    /// <summary>Answers in a row that knew an earlier record of the same epoch than one before them.</summary>
    private int setBack;

    /// <summary>Null before the first answer, and where there is no record.</summary>
    public StoredRecord? Stored { get; private set; }

    /// <summary>False until the arbiter has answered once.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>When the arbiter was last found not to answer.</summary>
    public long LastSilentAt { get; private set; } = long.MinValue / 2;

    /// <summary>The arbiter knows less than this node: it has lost its memory, and nobody claims.</summary>
    public bool HasForgotten { get; private set; }

    public void Read()
    {
        if (reading)
        {
            again = true;
            return;
        }

        reading = true;
        knownBefore = core.Highest.Known;
        core.Emit(new ReadRecord());
    }

    /// <summary>Reads where the last answer is old.</summary>
    public void ReadIfOlder(int ms)
    {
        if (!reading && core.Now - lastRead >= ms)
        {
            Read();
        }
    }

    /// <summary>Takes an answer. False where it says nothing that may be acted on.</summary>
    public bool Take(RecordRead answer)
    {
        var known = knownBefore;
        reading = false;
        lastRead = core.Now;
        if (again)
        {
            again = false;
            Read();
        }

        if (!answer.Answered)
        {
            LastSilentAt = core.Now;
            return false;
        }

        HasAnswered = true;
        var isEarlier = Stored is { } seen && answer.Stored is { } shown
            && shown.Record.Epoch == seen.Record.Epoch && shown.Nonce != seen.Nonce && shown.Version.Number < seen.Version.Number;
        setBack = isEarlier ? setBack + 1 : 0;
        if (setBack == 1)
        {
            // Perhaps late. The next answer is not, for one read is under way at a time.
            Read();
            return false;
        }

        var forgot = isEarlier || (answer.Stored is { } stored
            ? stored.Record.Epoch.Number < known.Number || (stored.Record.Epoch.Number == known.Number && stored.Record.Epoch.Claim != known.Claim)
            : known != Epoch.None);
        if (forgot)
        {
            if (!HasForgotten)
            {
                core.Say(
                    $"the arbiter knows {(answer.Stored is null ? "no record" : answer.Stored.Record.Epoch)}, this node has seen {(isEarlier ? "a later record of that" : known)}: it has lost its memory. "
                    + "Nobody becomes active until an operator restores the arbiter's data");
            }

            HasForgotten = true;
            return false;
        }

        HasForgotten = false;
        if (answer.Stored is { Record.Epoch: var epoch } && core.Highest.Refuses(epoch))
        {
            // The answer is older than what this node has heard meanwhile.
            Read();
            return false;
        }

        Stored = answer.Stored;
        return true;
    }
}
