using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// Whether the disk has no room for what was last refused. It begins with a refusal, and ends when as much was written, or would find room. The writer's
/// loop changes it; any thread may ask.
/// </summary>
internal sealed class Shortage
{
    private volatile Failure? reason;
    private long bytes;

    /// <summary>Why records are refused; null while they are not.</summary>
    public Failure? Reason => reason;

    /// <summary>What must find room before it ends.</summary>
    public long Bytes => bytes;

    public void Refused(Failure why, long groupBytes, int records)
    {
        if (why.Code != FailureCode.QuotaExceeded)
        {
            return;
        }

        LogMetrics.Refused(records);
        if (reason is null)
        {
            LogMetrics.BecameFull();
        }

        reason = why;
        bytes = Math.Max(bytes, groupBytes);
    }

    public void FoundRoom(long groupBytes)
    {
        if (reason is not null && groupBytes >= bytes)
        {
            End();
        }
    }

    /// <summary>The log itself ends, and nobody asks any more.</summary>
    public void End()
    {
        if (reason is not null)
        {
            LogMetrics.HasRoomAgain();
            reason = null;
            bytes = 0;
        }
    }
}
