using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// A channel in local files. One loop writes: it takes what waits, lays it out as a group, writes and syncs it, while the next group
/// gathers; a large one is written and synced beside the one before it. Any thread may call it. Before an epoch is open it follows: it takes records verbatim and can be cut.
/// </summary>
public sealed partial class FileLog : ILog
{
    private readonly SegmentFiles files;
    private readonly IFileSystem fileSystem;
    private readonly FileLogOptions options;
    private readonly HybridClock clock;
    private readonly WriteQueue queue;
    private readonly AsyncSignal work = new();
    private readonly QuietAlarm quiet;
    private readonly CommitLedger ledger;
    private readonly TimestampReserve reserve;
    private readonly GroupBuilder builder = new();
    private readonly RecordTail tail;
    private readonly ILogWatcher? watcher;
    private readonly Shortage shortage = new();
    private readonly AsyncGate disk = new();

    /// <summary>Whoever changes the head has it, and whoever reads the files anew, behind <see cref="disk"/>: the front moves while groups are written.</summary>
    private readonly AsyncGate head = new();
    private readonly TaskCompletionSource<Exception> death = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private readonly Task loop;

    /// <summary>Groups that got their stamps and did not land, oldest first.</summary>
    private readonly List<InFlight> inFlight = [];
    private HistoryEnd end;
    private EpochChain chain;
    private Role role;
    private ushort raised;
    private bool marked;
    private bool disposed;

    private FileLog(
        IFileSystem fileSystem, SegmentFiles files, LogLoading loaded, FileLogOptions options, HybridClock clock, TimeProvider time, ILogWatcher? watcher)
    {
        this.fileSystem = fileSystem;
        this.files = files;
        this.options = options;
        this.clock = clock;
        this.watcher = watcher;
        tail = new(options.TailBytesMax);
        Channel = loaded.End.Position.Channel;
        Found = loaded.Inspection;
        end = loaded.End;
        laidOut = loaded.End;
        chain = loaded.Chain;
        clock.Observe(end.Timestamp);
        queue = new(Channel, options, time, work);
        quiet = new(time, work);
        ledger = new(new(Channel, files.Front.Number - 1), end.Position);
        reserve = new(clock, queue, options.ReservationMs);
        loop = RunAsync();
        files.TellsOfFailedSyncs(Die);
    }

    public ChannelId Channel { get; }

    /// <summary>What the start found: a torn tail, if there was one, was never acknowledged and is erased.</summary>
    public LogInspection Found { get; }

    public LogPosition Front => files.Front;

    public LogPosition Committed => ledger.Committed;

    /// <summary>The last position that is durable here; committed or not.</summary>
    public LogPosition Durable => ledger.Durable;

    public Task<Exception> Death => death.Task;

    /// <summary>Why records are refused for lack of room on the disk; null while they are not. It ends by itself when there is room.</summary>
    public Failure? Shortage => shortage.Reason;

    /// <summary>The format in which the next record is written: that of the last one, until it is raised.</summary>
    public ushort Format
    {
        get
        {
            lock (gate)
            {
                return FormatBehind(end);
            }
        }
    }

    /// <summary>The newest format that this log reads and writes.</summary>
    public ushort NewestFormat => options.NewestFormat;

    /// <summary>From now on records are written in the newest format: everybody who will read them reads it.</summary>
    public void RaiseFormat() => Volatile.Write(ref raised, options.NewestFormat);

    /// <summary>The fences of this log's history.</summary>
    public EpochChain Chain
    {
        get
        {
            lock (gate)
            {
                return chain;
            }
        }
    }

    /// <summary>
    /// Reads the log in a directory, or makes one. Nothing is committed before <see cref="OpenAsync"/>. The directory must be locked by the
    /// caller. <paramref name="watcher"/> is told what is written, where others are sent it; null where nobody is. Throws
    /// <see cref="LogDamagedException"/>; a disk too full to make a log is a failure.
    /// </summary>
    public static async ValueTask<Result<FileLog>> StartAsync(
        IFileSystem fileSystem,
        string directory,
        ChannelId channel,
        FileLogOptions options,
        HybridClock clock,
        TimeProvider time,
        IRandomSource random,
        ILogWatcher? watcher,
        CancellationToken cancel)
    {
        var files = new SegmentFiles(fileSystem, directory, channel, options, time, random);
        var started = false;
        try
        {
            var loaded = await files.LoadAsync(starts: true, cancel);
            if (loaded.Succeeded && loaded.Value.End.Format > options.NewestFormat)
            {
                return Failure.Invalid($"the log in {directory} has records of format {loaded.Value.End.Format}, this program reads up to {options.NewestFormat}: use the version that wrote it");
            }

            started = loaded.Succeeded;
            return started ? new FileLog(fileSystem, files, loaded.Value, options, clock, time, watcher) : loaded.Failure!;
        }
        finally
        {
            if (!started)
            {
                await files.DisposeAsync();
            }
        }
    }

    /// <summary>Reads the files of a log as they are and changes nothing; for `elanus verify`.</summary>
    public static async ValueTask<LogInspection> InspectAsync(
        IFileSystem fileSystem, string directory, ChannelId channel, CancellationToken cancel)
    {
        var loading = new LogLoading(fileSystem, directory, channel);
        await loading.RunAsync(cancel);
        return loading.Inspection;
    }

    /// <summary>The files that hold the log from a position on, as they are now; the caller sees to it that its front does not pass that position.</summary>
    public LogExtent ExtentFrom(LogPosition from) => files.ExtentFrom(from.Number, () => ledger.Durable.Number);

    /// <summary>The same of a log that nobody has open; null where a cut is unfinished, which the next start ends.</summary>
    public static async ValueTask<LogExtent?> ExtentAsync(
        IFileSystem fileSystem, string directory, ChannelId channel, LogPosition from, CancellationToken cancel)
    {
        var loading = new LogLoading(fileSystem, directory, channel);
        await loading.RunAsync(cancel);
        return loading.Damage.Count > 0 ? throw new LogDamagedException(loading.Damage[0])
            : loading.Head is { Cut: null } head ? LogExtent.Of(head, loading.Segments, from.Number, loading.End.Position.Number)
            : null;
    }

    /// <summary>Bytes of groups in the segments from the one of a position to the one before that of another: what a front at the first keeps beyond one at the second.</summary>
    public long BytesBetween(LogPosition from, LogPosition to) => files.BytesBetween(from.Number, to.Number);

    public ValueTask<Result<OpenedEpoch>> OpenAsync(Epoch epoch, bool forced, CancellationToken cancel) => OpenAsync(epoch, forced, default, cancel);

    /// <inheritdoc cref="OpenAsync(Epoch, bool, CancellationToken)"/>
    /// <param name="epoch">The epoch.</param>
    /// <param name="forced">By an operator.</param>
    /// <param name="note">What the fence tells its readers.</param>
    public async ValueTask<Result<OpenedEpoch>> OpenAsync(Epoch epoch, bool forced, ClaimNote note, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var submission = new OpenSubmission(epoch, forced, note);
        lock (gate)
        {
            if (role != Role.Following)
            {
                return new Failure(FailureCode.Unavailable, $"the log of {Channel} has an owner already, of {end.Epoch}");
            }

            queue.Enter(submission);
            role = Role.Opening;
        }

        var opened = await submission.Done;
        lock (gate)
        {
            role = opened.Succeeded ? Role.Owning : Role.Following;
        }

        return opened;
    }

    public async ValueTask<Result<Appended>> AppendAsync(
        RecordKind kind, IReadOnlyList<ReadOnlyMemory<byte>> payload, TimeSpan patience, CancellationToken cancel)
    {
        Invariant.Holds(!kind.IsOfTheLog, $"records of {kind} are the log's own");
        if (NotOpen() is { } closed)
        {
            return closed;
        }

        long length = 0;
        for (var i = 0; i < payload.Count; i++)
        {
            length += payload[i].Length;
        }

        if (length > options.RecordBytesMax)
        {
            return new Failure(FailureCode.ParameterTooLarge, $"a record of {length} bytes is larger than the log's limit of {options.RecordBytesMax}");
        }

        var submission = new AppendSubmission(kind, payload, (int)length, Crc32C.Of(payload));
        return await queue.EnterAsync(submission, patience, cancel) is { } refused ? refused : await submission.Done;
    }

    public ValueTask<Result<LogPosition>> ConfirmAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        // A set of one without an arbiter: nobody else can have claimed, so what is committed now is confirmed now.
        return new(NotOpen() is { } closed ? closed : Result<LogPosition>.Ok(Committed));
    }

    public async ValueTask<Result<Timestamp>> NextTimestampAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (NotOpen() is { } closed)
        {
            return closed;
        }

        var stamp = clock.Next();
        var reserved = await reserve.CoverAsync(stamp);
        return reserved.Succeeded ? stamp : reserved.Failure;
    }

    public async ValueTask<Result<LogPosition>> PromiseAsync(Timestamp timestamp, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (NotOpen() is { } closed)
        {
            return closed;
        }

        if (timestamp.PhysicalMs > clock.Now().PhysicalMs + (ulong)options.PromiseAheadMaxMs)
        {
            return Failure.Invalid($"timestamp {timestamp} lies more than {options.PromiseAheadMaxMs} ms ahead of the clock");
        }

        clock.Observe(timestamp);
        var reserved = await reserve.CoverAsync(timestamp);
        if (!reserved.Succeeded)
        {
            return reserved.Failure;
        }

        while (LastBy(timestamp) is { } group)
        {
            await group.Done.Task.Until(cancel);
        }

        return Durable;
    }

    /// <summary>How far the owner's clock has come, at no cost: never beyond the committed reservation. Null where no epoch is open, or none is committed yet.</summary>
    public PassedClock? Passed()
    {
        lock (gate)
        {
            if (role != Role.Owning)
            {
                return null;
            }

            var (now, standing) = (clock.Now(), reserve.Standing);
            var at = now < standing ? now : standing;
            if (at == default)
            {
                return null;
            }

            // Later stamps are given under this lock, and lie above it.
            clock.Observe(at);
            return new(at, LastBy(at) is { } group ? group.End : end.Position);
        }
    }

    public Result<ILogReader> Read(LogPosition from) =>
        from < Front || from.Number == 0
            ? Truncated(from, Front)
            : new FileLogReader(fileSystem, files, tail, ledger, from);

    /// <summary>
    /// For a log that is watched: records from a position on that were written, committed or not, as many as lie together; null where none
    /// was written there yet. A position below <see cref="Front"/> is a failure.
    /// </summary>
    public async ValueTask<Result<RecordBatch?>> ReadWrittenAsync(LogPosition from, CancellationToken cancel)
    {
        Invariant.Holds(watcher is not null, $"the log of {Channel} is not watched");
        if (from < Front || from.Number == 0)
        {
            return Truncated(from, Front);
        }

        if (tail.From(from) is { } held)
        {
            return held;
        }

        if (from > Durable)
        {
            return Result<RecordBatch?>.Ok(null);
        }

        await using var reader = new FileLogReader(fileSystem, files, tail, ledger, from, uncommittedToo: true);
        var records = await reader.NextAsync(cancel);
        return records.Succeeded ? RecordBatch.Of(records.Value) : records.Failure;
    }

    public async ValueTask<Result<Unit>> TruncateFrontAsync(LogPosition needed, CancellationToken cancel)
    {
        Invariant.Holds(needed <= Committed.Next, $"the front may not move to {needed}, past the commit position {Committed}");
        List<Segment> gone = [];
        var moved = await OnHeadAsync(
            async () =>
            {
                var announced = await files.MoveFrontAsync(needed.Number, CancellationToken.None);
                gone = announced.Succeeded ? announced.Value : [];
                return announced.Succeeded ? Result.Ok : announced.Failure;
            },
            cancel);
        try
        {
            // To free large files takes long; whoever writes is not kept from the disk meanwhile.
            await files.DeleteAsync(gone);
        }
        catch (Exception fault)
        {
            Die(fault);
            throw Dead();
        }

        return moved;
    }

    /// <summary>
    /// For a follower: takes records with their headers as the active wrote them, and answers the last one's position when they are durable
    /// here. Records that do not follow what is there are a failure, and none of them is taken. They must not change until the answer.
    /// </summary>
    public async ValueTask<Result<LogPosition>> AppendVerbatimAsync(IReadOnlyList<LogRecord> records, CancellationToken cancel)
    {
        lock (gate)
        {
            Invariant.Holds(role == Role.Following, "the owner of an epoch takes no records from elsewhere");
        }

        if (records.Count == 0)
        {
            return Durable;
        }

        var submission = new VerbatimSubmission(records);
        return await queue.EnterAsync(submission, Timeout.InfiniteTimeSpan, cancel) is { } refused ? refused : await submission.Done;
    }

    /// <summary>For a log that does not commit alone: says how far its set has committed. Never beyond <see cref="Durable"/>.</summary>
    public void AdvanceCommitted(LogPosition position)
    {
        Invariant.Holds(!options.CommitsAlone, "a log that is alone in its set commits by itself");
        ledger.AdvanceCommitted(position);
    }

    /// <summary>
    /// For a follower: drops every record behind a position, durably, so that the active's can follow there. Never below the commit
    /// position. Records that are still being written are waited for first.
    /// </summary>
    public async ValueTask<Result<Unit>> CutAsync(LogPosition last, CancellationToken cancel)
    {
        lock (gate)
        {
            Invariant.Holds(role == Role.Following, "the owner of an epoch does not cut its log");
        }

        Invariant.Holds(last >= Committed, $"a cut to {last} would undo what was committed up to {Committed}");
        return await OnDiskAsync(() => CutOnDiskAsync(last), cancel);
    }

    /// <summary>
    /// For a follower whose history an operator's force replaced: announces a cut below what was committed here. The next start does it, before anything
    /// is read; this log ends, for the reason given.
    /// </summary>
    public async ValueTask<Result<Unit>> CutAtNextStartAsync(LogPosition last, Exception why, CancellationToken cancel)
    {
        var announced = await OnDiskAsync(() => files.BeginCutAsync(last.Number, CancellationToken.None), cancel);
        if (announced.Succeeded)
        {
            End(why);
        }

        return announced;
    }

    /// <summary>Whoever removed what was built from the records of <see cref="LogInspection.LastCut"/> says so, before anything is appended.</summary>
    public async ValueTask<Result<Unit>> ForgetCutAsync(CancellationToken cancel)
    {
        Invariant.Holds(end == Found.End, "records were appended behind a cut while what it took back still stood");
        return await OnDiskAsync(() => files.ForgetCutAsync(CancellationToken.None), cancel);
    }

    /// <summary>Ends the log from outside: its epoch is over. What was in flight has an unknown outcome.</summary>
    public void End(Exception why) => Die(why);

    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        var closed = new ObjectDisposedException(nameof(FileLog));
        queue.Close(closed);
        await loop;

        // A front that moves is not left behind: the next to open these files may change the head too.
        await head.EnterAsync(CancellationToken.None);
        ledger.Die(closed);
        await files.DisposeAsync();
        head.Leave();
        quiet.Dispose();
    }

    internal static Failure Truncated(LogPosition position, LogPosition front) =>
        new(FailureCode.Unavailable, $"position {position} of the log was truncated, it begins at {front}");

    /// <summary>Whoever read the last record reads the next one; a set of one reads what it writes.</summary>
    private ushort FormatBehind(HistoryEnd at) => options.CommitsAlone || at.Position.Number == 0
        ? options.NewestFormat
        : Math.Max(Volatile.Read(ref raised), at.Format == 0 ? RecordHeader.PreviousFormat : at.Format);

    private Failure? NotOpen()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (death.Task.IsCompleted)
        {
            throw Dead();
        }

        lock (gate)
        {
            return role == Role.Owning ? null : new(FailureCode.NotReady, $"no epoch is open on the log of {Channel}");
        }
    }

    private async ValueTask<Result<Unit>> CutOnDiskAsync(LogPosition last)
    {
        if (last >= end.Position)
        {
            return Result.Ok;
        }

        var begun = await files.BeginCutAsync(last.Number, CancellationToken.None);
        if (!begun.Succeeded)
        {
            return begun;
        }

        var loaded = await files.LoadAsync(starts: false, CancellationToken.None);
        if (!loaded.Succeeded)
        {
            // Half a cut cannot be gone on from; the next start finishes it.
            throw new IOException($"the log of {Channel} has no room to finish its cut to {last}: {loaded.Failure}");
        }

        Invariant.Holds(loaded.Value.End.Position == last, $"a cut to {last} ended at {loaded.Value.End.Position}");
        ledger.Cut(last);
        tail.Clear();
        lock (gate)
        {
            end = loaded.Value.End;
            chain = loaded.Value.Chain;
        }

        laidOut = loaded.Value.End;
        return Result.Ok;
    }

    /// <summary>Does something with the files while the loop does not, to its end once begun; what it throws is the log's death.</summary>
    private async ValueTask<Result<Unit>> OnDiskAsync(Func<ValueTask<Result<Unit>>> work, CancellationToken cancel)
    {
        // Groups go on beside each other for as long as large ones come: the loop lets them land where somebody waits here.
        Interlocked.Increment(ref outsiders);
        if (!await disk.TryEnterAsync(cancel))
        {
            Interlocked.Decrement(ref outsiders);
            cancel.ThrowIfCancellationRequested();
        }

        try
        {
            return await OnHeadAsync(work, CancellationToken.None);
        }
        finally
        {
            Interlocked.Decrement(ref outsiders);
            disk.Leave();
        }
    }

    /// <summary>Changes the head, to the end once begun; what it throws is the log's death.</summary>
    private async ValueTask<Result<Unit>> OnHeadAsync(Func<ValueTask<Result<Unit>>> work, CancellationToken cancel)
    {
        await head.EnterAsync(cancel);
        try
        {
            return death.Task.IsCompleted ? throw Dead() : await work();
        }
        catch (Exception fault) when (fault is not LogDeadException)
        {
            Die(fault);
            throw Dead();
        }
        finally
        {
            head.Leave();
        }
    }

    /// <summary>The last group in flight with a stamp up to this one.</summary>
    private InFlight? LastBy(Timestamp at)
    {
        lock (gate)
        {
            return inFlight.FindLast(group => group.First <= at);
        }
    }

    private LogDeadException Dead() => new(Channel, death.Task.Result);
}
