namespace Elanus.Replication.Tests;

/// <summary>An arbiter's record, changed by compare-and-set on its version.</summary>
internal sealed class ModelArbiter
{
    public StoredRecord? Stored { get; private set; }

    public AliveNote? Alive { get; set; }

    public bool Change(ChangeRecord asked)
    {
        if ((Stored?.Version ?? 0) != asked.Version)
        {
            return false;
        }

        Stored = new(asked.Next, asked.Version + 1, asked.Nonce);
        return true;
    }

    public bool Confirm(ConfirmRecord asked) => Stored?.Version == asked.Version;
}
