namespace Elanus.Replication;

/// <summary>
/// Alone in its set an active asks the arbiter, per group, whether it still is. What a confirmation covers was durable, and asked, before it began;
/// it counts only if the active is still alone, under the same version, when it answers.
/// </summary>
internal sealed class SoloConfirmation(CoreContext core, RecordView view)
{
    private (ChangeNonce Nonce, RecordVersion Version, ulong Durable, ulong Round)? underWay;
    private long retryAt;
    private RecordVersion? failed;

    /// <summary>Asks, unless that is under way.</summary>
    public void Begin(RecordVersion version, ulong durable, ulong round)
    {
        if (underWay is not null || (core.Now < retryAt && version == failed))
        {
            return;
        }

        var nonce = core.Nonce();
        underWay = (nonce, version, durable, round);
        core.Emit(new ConfirmRecord(version, nonce));
    }

    /// <summary>What the answer confirms, if anything: the durable position and the round of reads when it was asked.</summary>
    public (ulong Durable, ulong Round)? Take(ConfirmEnded ended, bool isAlone, RecordVersion? version)
    {
        if (underWay is not { } asked || asked.Nonce != ended.Nonce)
        {
            return null;
        }

        underWay = null;
        if (ended.Outcome == ChangeOutcome.Done)
        {
            var counts = (isAlone && version == asked.Version) || !core.Rules.SoloConfirmationOnlyWhileAlone;
            return counts ? (asked.Durable, asked.Round) : null;
        }

        // The same version is not asked for again at once: an arbiter that has lost its memory refuses it for ever.
        failed = asked.Version;
        retryAt = core.Now + core.Options.RetryMs;
        view.Read();
        return null;
    }
}
