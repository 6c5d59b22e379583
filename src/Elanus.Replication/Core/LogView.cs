namespace Elanus.Replication;

/// <summary>
/// What the core knows of its own log: the chain of fences, where it ends (asked for, not yet durable), how far it is wholly durable, and
/// which work on it is under way. Only one of cutting, keeping and opening is under way at a time, and only on a settled log.
/// </summary>
internal sealed class LogView(EpochChain chain, ulong front, ulong end)
{
    private ulong? refusedFrom;
    private int appending;

    public EpochChain Chain { get; private set; } = chain;

    public ulong Front { get; private set; } = front;

    public ulong End { get; private set; } = end;

    public ulong Durable { get; private set; }

    /// <summary>A salvage, a cut, or the opening of an epoch is under way.</summary>
    public bool IsBusy { get; set; }

    public bool IsSettled => Durable == End && !IsBusy && appending == 0;

    /// <summary>False while records that were refused are still on their way back.</summary>
    public bool TakesRecords => refusedFrom is null && !IsBusy;

    /// <summary>Records asked to be taken from another node.</summary>
    public void Took(IReadOnlyList<LogRecord> records)
    {
        foreach (var record in records)
        {
            Invariant.Holds(record.Position.Number == End + 1, $"record {record.Position} is taken behind {End}");
            if (record.Kind == RecordKind.Fence)
            {
                Chain = Chain.With(Fence.FromPayload(record.Position, record.Payload.Span)!.Value);
            }

            End = record.Position.Number;
        }

        appending++;
    }

    /// <summary>The own epoch's records reach to here.</summary>
    public void Grew(ulong end)
    {
        Invariant.Holds(end >= End, $"the log went back from {End} to {end}");
        End = end;
    }

    public void Opened(Fence fence)
    {
        Invariant.Holds(fence.Position.Number == End + 1, $"the fence {fence.Position} does not follow {End}");
        Chain = Chain.With(fence);
        End = fence.Position.Number;
        Durable = End;
        IsBusy = false;
    }

    /// <summary>Durable up to here; <paramref name="answersAppend"/> where it is the answer to one batch of another node's records.</summary>
    public void Synced(ulong durable, bool answersAppend)
    {
        Invariant.Holds(durable <= End, $"{durable} is durable in a log that ends at {End}");
        Durable = Math.Max(Durable, durable);
        Answered(answersAppend);
    }

    /// <summary>A batch was refused. Those behind it are too; when the last has been, the log ends where it is durable.</summary>
    public void Refused()
    {
        refusedFrom ??= Durable;
        Answered(true);
    }

    public void Cut(ulong end)
    {
        Invariant.Holds(end <= End, $"a cut to {end} of a log that ends at {End}");
        Chain = Chain.CutTo(end);
        End = end;
        Durable = end;
        IsBusy = false;
    }

    /// <summary>What lay before is gone. The fences that stood there are still known to this life.</summary>
    public void Truncated(ulong front) => Front = Math.Max(Front, front);

    private void Answered(bool append)
    {
        appending -= append && appending > 0 ? 1 : 0;
        if (appending == 0 && refusedFrom is not null)
        {
            Chain = Chain.CutTo(Durable);
            End = Durable;
            refusedFrom = null;
        }
    }
}
