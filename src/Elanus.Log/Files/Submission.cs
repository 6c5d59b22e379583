using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>Something that waits to be written and then to be committed. Staged by the writer, answered once.</summary>
internal abstract class Submission
{
    /// <summary>Bytes that it takes in the file.</summary>
    public abstract long Bytes { get; }

    /// <summary>Puts it into the next group; a failure answers it instead.</summary>
    public abstract Failure? Stage(GroupDraft draft);

    /// <summary>False where durable here is enough for an answer.</summary>
    public virtual bool AwaitsCommit => true;

    /// <summary>What it waited for has come.</summary>
    public abstract void Complete();

    public abstract void Refused(Failure why);

    public abstract void Died(Exception why);
}

/// <summary>A submission that answers with a value.</summary>
internal abstract class Submission<T> : Submission
{
    private readonly TaskCompletionSource<Result<T>> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Result<T>> Done => done.Task;

    protected abstract T Answer { get; }

    public override void Complete() => done.TrySetResult(Answer);

    public override void Refused(Failure why) => done.TrySetResult(why);

    public override void Died(Exception why) => done.TrySetException(why);
}

internal sealed class AppendSubmission(RecordKind kind, IReadOnlyList<ReadOnlyMemory<byte>> payload, int length, uint crc) : Submission<Appended>
{
    private Appended appended;

    public override long Bytes { get; } = RecordHeader.SpaceOf(length);

    protected override Appended Answer => appended;

    public override Failure? Stage(GroupDraft draft)
    {
        appended = draft.Append(kind, payload, length, crc);
        return null;
    }
}

internal sealed class OpenSubmission(Epoch epoch, bool forced, ClaimNote note) : Submission<OpenedEpoch>
{
    private OpenedEpoch opened;

    public override long Bytes => RecordHeader.SpaceOf(Fence.PayloadBytesWithNote);

    protected override OpenedEpoch Answer => opened;

    public override Failure? Stage(GroupDraft draft)
    {
        if (epoch.Number <= draft.End.Epoch.Number)
        {
            return new(FailureCode.Unavailable, $"the log of {draft.End.Position.Channel} has seen {draft.End.Epoch}, so {epoch} cannot open it");
        }

        var fence = draft.Open(epoch, forced, note);
        opened = new(fence, draft.End.Position.Next);
        return null;
    }
}

internal sealed class ReserveSubmission(Timestamp needed, int aheadMs) : Submission<Unit>
{
    /// <summary>What will surely be reserved.</summary>
    public Timestamp Covers { get; } = new(needed.Value + ((ulong)aheadMs << Timestamp.LogicalBits));

    public override long Bytes => RecordHeader.SpaceOf(sizeof(ulong));

    protected override Unit Answer => default;

    public override Failure? Stage(GroupDraft draft)
    {
        draft.Reserve(needed, aheadMs);
        return null;
    }
}

internal sealed class VerbatimSubmission(IReadOnlyList<LogRecord> records) : Submission<LogPosition>
{
    private LogPosition end;

    public override long Bytes { get; } = records.Sum(record => RecordHeader.SpaceOf(record.Header.Length));

    public override bool AwaitsCommit => false;

    protected override LogPosition Answer => end;

    public override Failure? Stage(GroupDraft draft)
    {
        var wrong = draft.Take(records);
        end = draft.End.Position;
        return wrong;
    }
}

/// <summary>Nothing to write: tells, in its place among the others, that a reservation is committed.</summary>
internal sealed class ReserveNotice(TimestampReserve reserve, Timestamp reservation) : Submission
{
    public override long Bytes => 0;

    public override Failure? Stage(GroupDraft draft) => null;

    public override void Complete() => reserve.Stands(reservation);

    public override void Refused(Failure why)
    {
        // Nobody waits for it.
    }

    public override void Died(Exception why)
    {
        // Nobody waits for it.
    }
}
