namespace Elanus.Replication.Tests;

/// <summary>An arbiter's record, changed by compare-and-set on its version.</summary>
internal sealed class ModelArbiter
{
    public StoredRecord? Stored { get; private set; }

    public AliveNote? Alive { get; set; }

    /// <summary>The weakened rule: a change compares the epoch that the record had, and not the version of the whole record.</summary>
    public bool ComparesEpochOnly { get; init; }

    /// <summary>Each record that ever stood here, oldest first.</summary>
    public List<StoredRecord> Past { get; } = [];

    public bool Change(ChangeRecord asked)
    {
        if (!Compares(asked.Version))
        {
            return false;
        }

        Stored = new(asked.Next, new((Stored?.Version.Number ?? 0) + 1, asked.Nonce));
        Past.Add(Stored);
        return true;
    }

    public bool Confirm(ConfirmRecord asked) => Stored?.Version == asked.Version;

    /// <summary>Its data are replaced by older ones, or none, or are put right again.</summary>
    public void Restore(StoredRecord? older) => Stored = older;

    private bool Compares(RecordVersion version)
    {
        if (!ComparesEpochOnly)
        {
            return (Stored?.Version ?? RecordVersion.None) == version;
        }

        return Past.Find(record => record.Version == version)?.Record.Epoch == Stored?.Record.Epoch;
    }
}
