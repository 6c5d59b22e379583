namespace Elanus.Roles;

/// <summary>
/// Takes checkpoints of a node as its log grows, keeps the newest two, and lets go of the log and the files that neither they nor a pin need
/// (the folder's README says the rules). <see cref="Run"/> is called once; everything else by any thread.
/// </summary>
public sealed class CheckpointKeeper
{
    private const int Kept = 2;

    /// <summary>After a full disk it is tried again when a part of the usual bytes was logged.</summary>
    private const int RetryFraction = 8;

    private readonly ILog log;
    private readonly ChannelFollower follower;
    private readonly AppliedVolume volume;
    private readonly CheckpointFiles files;
    private readonly IReadOnlyList<ICheckpointed> states;
    private readonly IWorkScheduler work;
    private readonly CheckpointOptions options;
    private readonly AsyncGate gate = new();
    private readonly Lock pinning = new();
    private readonly List<ulong> pins = [];
    private readonly List<CheckpointName> kept = [];
    private KeptCheckpoint? newest;
    private long due;
    private long changesInLast;

    public CheckpointKeeper(
        ILog log,
        ChannelFollower follower,
        AppliedVolume volume,
        CheckpointFiles files,
        IReadOnlyList<ICheckpointed> states,
        IWorkScheduler work,
        CheckpointOptions options)
    {
        this.log = log;
        this.follower = follower;
        this.volume = volume;
        this.files = files;
        this.states = states;
        this.work = work;
        this.options = options;
        due = options.LogBytesMin;
    }

    /// <summary>A checkpoint could not be written, or the log not be cut behind it (a full disk); it is tried again. On any thread.</summary>
    public event Action<Failure>? Failed;

    /// <summary>A checkpoint is durable: its name and its bytes. On any thread.</summary>
    public event Action<CheckpointName, long>? Taken;

    /// <summary>Says which checkpoint the state came from, and which before it may serve too, oldest first; before <see cref="Run"/>.</summary>
    public void StartFrom(IEnumerable<CheckpointName> recovered, KeptCheckpoint used)
    {
        kept.AddRange(recovered);
        newest = used;
        Invariant.Holds(kept[^1] == used.Name, "the state came from another checkpoint than the newest that may serve");
    }

    /// <summary>Takes checkpoints until cancelled; ends early only with the reason why the process cannot go on.</summary>
    public async Task Run(CancellationToken cancel)
    {
        while (true)
        {
            await volume.Reaches(due, cancel);
            if (!(await Take(cancel)).TryGet(out _, out var failure))
            {
                due = volume.Bytes + (options.LogBytesMin / RetryFraction);
                Failed?.Invoke(failure);
            }
        }
    }

    /// <summary>Takes one now, unless nothing changed since the last.</summary>
    public async ValueTask<Result<Unit>> TakeIfChanged(CancellationToken cancel) =>
        volume.Changes == changesInLast ? Result.Ok : await Take(cancel);

    /// <summary>Takes a checkpoint of what is applied, and lets go of what it makes needless.</summary>
    public async ValueTask<Result<Unit>> Take(CancellationToken cancel)
    {
        await gate.EnterAsync(cancel);
        try
        {
            return await TakeAlone(cancel);
        }
        finally
        {
            gate.Leave();
        }
    }

    /// <summary>Keeps the newest checkpoint and the log behind it, for a backup.</summary>
    public async ValueTask<CheckpointPin> PinAsync(CancellationToken cancel)
    {
        await gate.EnterAsync(cancel);
        try
        {
            var file = newest is { } checkpoint ? await files.PinAsync(checkpoint.Name, cancel) : null;
            Invariant.Holds(newest is null || file is not null, $"the checkpoint {newest} is kept and not there");
            var from = newest?.Name.Position.Next ?? log.Front;
            lock (pinning)
            {
                pins.Add(from.Number);
            }

            return new(newest, from, () =>
            {
                lock (pinning)
                {
                    pins.Remove(from.Number);
                }

                file?.Dispose();
            });
        }
        finally
        {
            gate.Leave();
        }
    }

    private async ValueTask<Result<Unit>> TakeAlone(CancellationToken cancel)
    {
        var (at, captured, bytes, changes) = follower.AtRest(at => (at, states.Select(state => state.Capture()).ToList(), volume.Bytes, volume.Changes));
        var name = new CheckpointName(at.Epoch, at.Position);
        long length;
        try
        {
            if (at.Position.Number == 0 || (kept.Count > 0 && kept[^1] == name))
            {
                return Result.Ok;
            }

            if (!(await files.WriteAsync(name, at.Timestamp, captured, work, cancel)).TryGet(out length, out var failure))
            {
                return failure;
            }
        }
        finally
        {
            captured.ForEach(state => state.Dispose());
        }

        kept.Add(name);
        newest = new(name, at.Timestamp, length);
        due = bytes + Math.Max(options.LogBytesMin, length);
        changesInLast = changes;
        Taken?.Invoke(name, length);
        return await LetGo(cancel);
    }

    private async ValueTask<Result<Unit>> LetGo(CancellationToken cancel)
    {
        if (kept.Count < Kept)
        {
            return Result.Ok;
        }

        kept.RemoveRange(0, kept.Count - Kept);
        foreach (var old in await files.ListAsync(cancel))
        {
            // Whatever else is there is older, damaged, or of a history that the log left.
            if (!kept.Contains(old))
            {
                await files.DeleteAsync(old, cancel);
            }
        }

        var needed = kept[0].Position.Number + 1;
        lock (pinning)
        {
            needed = pins.Count > 0 ? Math.Min(needed, pins.Min()) : needed;
        }

        return await log.TruncateFrontAsync(new(log.Channel, needed), cancel);
    }
}
