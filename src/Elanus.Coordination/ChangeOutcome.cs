namespace Elanus.Coordination;

/// <summary>How an attempt to change or to confirm a record ended.</summary>
public enum ChangeOutcome
{
    /// <summary>It took effect.</summary>
    Done,

    /// <summary>It did not take effect and never will: the record's version is another.</summary>
    Refused,

    /// <summary>
    /// The answer was lost, or the arbiter did not answer: it may have taken effect, or may yet. It is settled by reading the record back, never by
    /// another attempt: own nonce means done, another version means that it never will, the compared version means still open.
    /// </summary>
    Unknown,
}
