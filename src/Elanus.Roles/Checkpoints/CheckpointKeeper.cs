using Elanus.Storage;

namespace Elanus.Roles;

/// <summary>
/// Takes checkpoints of a node as its log grows, keeps the newest two, and lets go of the log and the files that neither they nor a pin need
/// (the folder's README says the rules). <see cref="Run"/> is called once; everything else by any thread.
/// </summary>
public sealed class CheckpointKeeper
{
    private const int Kept = 2;

    /// <summary>After a full disk it is tried again when a part of the bytes that are due between two was logged, or is newly held, or behind <see cref="RetryPeriod"/>.</summary>
    private const int RetryFraction = 8;

    /// <summary>A full disk takes nothing that could be logged: what makes room there, an operator or a file that goes, is met by looking again from time to time.</summary>
    public static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(10);

    private readonly ILog log;
    private readonly ChannelFollower follower;
    private readonly AppliedVolume volume;
    private readonly CheckpointFiles files;
    private readonly ISegmentStore segments;
    private readonly IReadOnlyList<ICheckpointed> states;
    private readonly IWorkScheduler work;
    private readonly TimeProvider time;
    private readonly CheckpointOptions options;
    private readonly AsyncGate gate = new();
    private readonly Lock pinning = new();
    private readonly List<ulong> pins = [];
    private readonly List<RetainedCheckpoint> kept = [];
    private readonly Dictionary<string, long> outlived = [];
    private long due;
    private long bytesInLast;
    private long changesInLast;

    /// <summary>A full disk kept the log from being cut behind the last one.</summary>
    private bool hasNeedless;

    public CheckpointKeeper(
        ILog log,
        ChannelFollower follower,
        AppliedVolume volume,
        CheckpointFiles files,
        ISegmentStore segments,
        IReadOnlyList<ICheckpointed> states,
        IWorkScheduler work,
        TimeProvider time,
        CheckpointOptions options)
    {
        this.log = log;
        this.follower = follower;
        this.volume = volume;
        this.files = files;
        this.segments = segments;
        this.states = states;
        this.work = work;
        this.time = time;
        this.options = options;
        due = options.LogBytesMin;
        segments.Outlived += file =>
        {
            lock (pinning)
            {
                outlived[file.Name] = file.Length;
                Weigh();
            }
        };
    }

    /// <summary>Bytes that are logged between two: as many as the last one has, so that what is written stays within a few times what is logged.</summary>
    private long Interval => Math.Max(options.LogBytesMin, kept.Count > 0 ? kept[^1].Checkpoint.Bytes : 0);

    /// <summary>A checkpoint could not be written, or the log not be cut behind it (a full disk); it is tried again. On any thread.</summary>
    public event Action<Failure>? Failed;

    /// <summary>A checkpoint is durable: its name and its bytes. On any thread.</summary>
    public event Action<CheckpointName, long>? Taken;

    /// <summary>
    /// Says which checkpoint the state came from, and which before it may serve too, oldest first; before any record is applied. What they name is kept from
    /// then on; one of the older whose files are not all there cannot serve, and is not kept.
    /// </summary>
    public async Task StartFrom(IEnumerable<CheckpointName> older, KeptCheckpoint used, CancellationToken cancel)
    {
        foreach (var name in older)
        {
            if (await files.FilesOfAsync(name, cancel) is { } needed && await Retain(new(name, Timestamp.Zero, 0, needed), cancel) is { } retained)
            {
                Keep(retained);
            }
        }

        Keep(await Retain(used, cancel) ?? throw new InvariantBrokenException($"a file of the checkpoint {used.Name} went while the state was restored from it"));
        due = Interval;
    }

    /// <summary>Takes checkpoints until cancelled; ends early only with the reason why the process cannot go on.</summary>
    public async Task Run(CancellationToken cancel)
    {
        for (var failed = false; ;)
        {
            await (failed ? ReachedOrRetry(cancel) : volume.Reaches(due, bytesInLast, cancel));
            failed = !(await Take(cancel)).TryGet(out _, out var failure);
            if (failed)
            {
                due = Math.Max(due, volume.Bytes + volume.Held + (Interval / RetryFraction));
                Failed?.Invoke(failure!);
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
            var newest = kept.Count > 0 ? kept[^1] : null;
            var file = newest is null ? null : await files.PinAsync(newest.Checkpoint.Name, cancel);
            Invariant.Holds(newest is null || file is not null, $"the checkpoint {newest?.Checkpoint.Name} is kept and not there");
            newest?.Hold();
            var from = newest?.Checkpoint.Name.Position.Next ?? log.Front;

            // Where nothing stands behind the checkpoint yet, the file that ends with it is the one that is named: the next record may begin another.
            var held = Math.Max(1, from.Number - 1);
            lock (pinning)
            {
                pins.Add(held);
            }

            return new(newest?.Checkpoint, from, () =>
            {
                lock (pinning)
                {
                    pins.Remove(held);
                }

                newest?.Release();
                file?.Dispose();
            });
        }
        finally
        {
            gate.Leave();
        }
    }

    private async Task ReachedOrRetry(CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(RetryPeriod, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            await volume.Reaches(due, bytesInLast, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // There may be room now.
        }
    }

    private async ValueTask<Result<Unit>> TakeAlone(CancellationToken cancel)
    {
        while (true)
        {
            var (at, captured, bytes, changes) = follower.AtRest(at => (at, states.Select(state => state.Capture()).ToList(), volume.Bytes, volume.Changes));
            try
            {
                var name = new CheckpointName(at.Epoch, at.Position);
                if (at.Position.Number == 0)
                {
                    bytesInLast = bytes;
                    return Result.Ok;
                }

                if (kept.Count > 0 && kept[^1].Checkpoint.Name == name)
                {
                    bytesInLast = bytes;
                    return hasNeedless ? await LetGo(CancellationToken.None) : Result.Ok;
                }

                if ((await files.ListAsync(cancel)).Contains(name))
                {
                    // A start found it damaged, or a file that it names, and did without; and a member that reads its log again comes by here once more. A name is never used again.
                    due = bytes + volume.Held + (Interval / RetryFraction);
                    return Result.Ok;
                }

                // A file that the log let go of in between cannot be kept any more: what is captured then does not name it.
                if (await Retain(new(name, at.Timestamp, 0, [.. captured.SelectMany(state => state.Files)]), cancel) is not { } retained)
                {
                    continue;
                }

                long length;
                try
                {
                    if (!(await files.WriteAsync(name, at.Timestamp, captured, work, cancel)).TryGet(out length, out var failure))
                    {
                        return failure;
                    }

                    retained.Checkpoint = retained.Checkpoint with { Bytes = length };
                    retained.Hold();
                    Keep(retained);
                }
                finally
                {
                    retained.Release();
                }

                due = bytes + Interval;
                bytesInLast = bytes;
                changesInLast = changes;
                Taken?.Invoke(name, length);
            }
            finally
            {
                captured.ForEach(state => state.Dispose());
            }

            // A node that stops meanwhile does this to its end: else what is needless lies there until the next life takes a checkpoint.
            return await LetGo(CancellationToken.None);
        }
    }

    /// <summary>Pins the segment files that a checkpoint names; null where one of them is going.</summary>
    private async ValueTask<RetainedCheckpoint?> Retain(KeptCheckpoint checkpoint, CancellationToken cancel)
    {
        var retained = new RetainedCheckpoint(checkpoint);
        var isWhole = false;
        try
        {
            foreach (var name in checkpoint.Files)
            {
                if (await segments.PinAsync(name, cancel) is not { } pin)
                {
                    return null;
                }

                retained.Add(pin);
            }

            isWhole = true;
            return retained;
        }
        finally
        {
            if (!isWhole)
            {
                retained.Release();
            }
        }
    }

    private void Keep(RetainedCheckpoint checkpoint)
    {
        lock (pinning)
        {
            kept.Add(checkpoint);
            Weigh();
        }
    }

    /// <summary>Counts the files that would be gone but for the checkpoints that are kept. Under the lock.</summary>
    private void Weigh() => volume.Held = outlived.Where(file => kept.Exists(k => k.Needs(file.Key))).Sum(file => file.Value);

    private async ValueTask<Result<Unit>> LetGo(CancellationToken cancel)
    {
        if (kept.Count < Kept)
        {
            return Result.Ok;
        }

        var older = kept.GetRange(0, kept.Count - Kept);
        lock (pinning)
        {
            kept.RemoveRange(0, older.Count);
            foreach (var name in outlived.Keys.Where(name => !kept.Exists(k => k.Needs(name))).ToList())
            {
                outlived.Remove(name);
            }

            Weigh();
        }

        older.ForEach(old => old.Release());
        foreach (var old in await files.ListAsync(cancel))
        {
            // Whatever else is there is older, damaged, or of a history that the log left. What lies ahead stays until it is passed: a state that reads its log again comes by there,
            // and the store does not take a name again that it let go.
            if (old.Position <= kept[^1].Checkpoint.Name.Position && kept.TrueForAll(k => k.Checkpoint.Name != old))
            {
                await files.DeleteAsync(old, cancel);
            }
        }

        var needed = kept[0].Checkpoint.Name.Position.Number + 1;
        lock (pinning)
        {
            needed = pins.Count > 0 ? Math.Min(needed, pins.Min()) : needed;
        }

        var cut = await log.TruncateFrontAsync(new(log.Channel, needed), cancel);
        hasNeedless = !cut.Succeeded;
        return cut;
    }
}
