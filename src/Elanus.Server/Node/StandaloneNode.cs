using Elanus.Log;
using Elanus.Primitives;
using Elanus.Replication;
using Elanus.Roles;

namespace Elanus.Server;

/// <summary>
/// A node with all roles: alone, its log a set of one, or a member of a cluster, whose log is replicated: then it follows until it becomes active. Ports and
/// processes are the host's; tests and the simulator do without.
/// </summary>
public sealed class StandaloneNode : IAsyncDisposable
{
    private static readonly ChannelId Channel = new(1);

    /// <summary>For how long a backup waits for the word that this node is the active still.</summary>
    internal static readonly TimeSpan ConfirmPatience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource stop = new();
    private readonly DataDirectory directory;
    private readonly FileLog log;
    private readonly ReplicatedLog? replicated;
    private readonly TimeProvider time;
    private readonly TaskCompletionSource active = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task following;
    private Task leading = Task.CompletedTask;
    private Task checkpointing = Task.CompletedTask;
    private Task tending = Task.CompletedTask;
    private bool disposed;

    private StandaloneNode(DataDirectory directory, FileLog log, ReplicatedLog? replicated, NodeRecovery recovered, HybridClock clock, NodeSeams seams)
    {
        Files = seams.Files;
        time = seams.Time;
        this.directory = directory;
        this.log = log;
        this.replicated = replicated;
        Roles = recovered.Roles;
        Recovered = recovered;
        Clock = clock;
        following = Roles.Follow(stop.Token);
    }

    public NodeRoles Roles { get; }

    public IFileSystem Files { get; }

    public HybridClock Clock { get; }

    public NodeId Node => directory.Node;

    /// <summary>The epoch that this process acts under.</summary>
    public Epoch Epoch => log.Chain.Last;

    public LogPosition Committed => log.Committed;

    /// <summary>Why writes are refused for lack of room on the disk; null while they are not.</summary>
    public Failure? Shortage => log.Shortage;

    /// <summary>The record format that is written, and the newest that this node reads.</summary>
    public (int Written, int Newest) Formats => (log.Format, log.NewestFormat);

    /// <summary>The channel that carries everything here.</summary>
    public ILog Log => log;

    /// <summary>The node's part in its cluster; null where it is alone.</summary>
    public ReplicatedLog? Replica => replicated;

    /// <summary>Completes when the roles are active and calls may be served here.</summary>
    public Task Active => active.Task;

    /// <summary>What the log's files held at the start.</summary>
    public LogInspection Found => log.Found;

    /// <summary>From which checkpoint the state came.</summary>
    public NodeRecovery Recovered { get; }

    /// <summary>Ends, with the reason, when the node can no longer go on; its process ends then too.</summary>
    public Task<Exception> Death { get; private set; } = Task.FromResult<Exception>(new InvalidOperationException("the node never started"));

    /// <summary>
    /// Opens the directory, recovers, and serves a new epoch; a member of a cluster follows until <see cref="Active"/>. Failures say what an operator can
    /// do. Throws <see cref="LogDamagedException"/> where the log of a node alone is damaged, and <see cref="EpochOverException"/> where a member's state is, and another
    /// one has it: the node is to be started again then, and copies it.
    /// </summary>
    public static Task<Result<StandaloneNode>> Start(NodeSettings settings, NodeSeams seams, CancellationToken cancel) => Start(settings, seams, membership: null, cancel);

    /// <inheritdoc cref="Start(NodeSettings, NodeSeams, CancellationToken)"/>
    /// <param name="settings">Bounds and paths.</param>
    /// <param name="seams">The world.</param>
    /// <param name="membership">The cluster that the node belongs to; null where it is alone.</param>
    public static async Task<Result<StandaloneNode>> Start(NodeSettings settings, NodeSeams seams, ClusterMembership? membership, CancellationToken cancel)
    {
        if (!(await DataDirectory.Open(seams.Files, settings.DataPath, seams.Random, cancel)).TryGet(out var directory, out var failure))
        {
            return failure;
        }

        var isTaken = false;
        try
        {
            if (membership is null && await ClusterMembership.ClusterOf(seams.Files, directory.Path, cancel) is { } cluster)
            {
                return Failure.Invalid(
                    $"the data directory {directory.Path} belongs to the cluster '{cluster}', and what it wrote alone would keep it out of that: start it with --cluster {cluster} and the "
                    + "cluster's --arbiter; to use its data alone, make a backup of it (`elanus backup`) and restore that");
            }

            var damage = membership is null ? null : await DamageNote.Read(seams.Files, directory.Path, cancel);
            if (damage is null)
            {
                try
                {
                    var (opened, lost) = await Open(directory, settings, seams, membership, cancel);
                    isTaken = opened.Succeeded;
                    if (lost is null || membership is null)
                    {
                        return opened;
                    }

                    damage = lost;
                }
                catch (LogDamagedException damaged) when (membership is not null)
                {
                    damage = damaged.Message;
                }
            }

            return (await new MemberRepair(membership!, directory, seams).Decide(damage, cancel)).TryGet(out var kept, out failure)
                ? throw new EpochOverException($"what this node held is damaged, and is kept in {kept}: the next start is a new member's, which copies the active's state", needsOperator: false) { StartsAgain = true }
                : failure;
        }
        finally
        {
            if (!isTaken)
            {
                await directory.DisposeAsync();
            }
        }
    }

    /// <summary>A node on an open directory, which is the node's then and the caller's otherwise; or why not, and whether that is because its state is damaged.</summary>
    private static async Task<(Result<StandaloneNode> Opened, string? Damage)> Open(
        DataDirectory directory, NodeSettings settings, NodeSeams seams, ClusterMembership? membership, CancellationToken cancel)
    {
        var clock = new HybridClock(seams.Time);
        FileLog? log = null;
        ReplicatedLog? replicated = null;
        StandaloneNode? node = null;
        var failure = new Failure(FailureCode.Internal, "");
        try
        {
            if (membership is null)
            {
                if (!(await FileLog.StartAsync(seams.Files, directory.LogPath, Channel, settings.Log, clock, seams.Time, seams.Random, watcher: null, cancel)).TryGet(out log, out failure!))
                {
                    return (failure, null);
                }
            }
            else
            {
                if (!(await membership.Join(directory, Channel, settings.Log, clock, seams, cancel)).TryGet(out replicated, out failure!))
                {
                    return (failure, null);
                }

                log = replicated.Files;
                var around = seams.AroundLog;
                seams = seams with { AroundLog = own => around?.Invoke(replicated) ?? replicated };
            }

            if (!(await NodeRecovery.Run(log, directory, clock, settings, seams, cancel)).TryGet(out var recovered, out failure!))
            {
                return (failure, failure.Code == FailureCode.Internal ? failure.Sentence : null);
            }

            node = new(directory, log, replicated, recovered, clock, seams);
            replicated?.Begin(
                () => recovered.Roles.Applied,
                new NodeCopySource(seams.Files, directory, log, recovered.Roles.Checkpoints),
                new CopyStaging(seams.Files, directory.Path, seams.Work, settings.RoomLeftMin));
            if (!(await node.Serve(seams.Random, cancel)).TryGet(out _, out failure!))
            {
                return (failure, null);
            }

            var started = node;
            node = null;
            log = null;
            return (started, null);
        }
        finally
        {
            if (node is not null)
            {
                await node.DisposeAsync();
            }
            else if (log is not null)
            {
                await (replicated?.DisposeAsync() ?? log.DisposeAsync());
            }
        }
    }

    /// <summary>
    /// What a backup of this moment holds, pinned: everything acknowledged before the call is in it, and nothing that is not committed. Writes go on. A node that is not
    /// the active, or cannot confirm that it is, is a failure.
    /// </summary>
    public async Task<Result<PinnedBackup>> PlanBackup(CancellationToken cancel)
    {
        var pin = await Roles.Checkpoints.PinAsync(cancel);
        try
        {
            if ((await Moment(cancel)).TryGet(out var moment, out var failure)
                && (await BackupPlanning.Compose(Files, directory, pin.Checkpoint, log.ExtentFrom(pin.LogFrom), moment.Last, moment.End, cancel)).TryGet(out var plan, out failure))
            {
                var planned = new PinnedBackup(plan, pin);
                pin = null;
                return planned;
            }

            return failure;
        }
        catch (LogDeadException dead)
        {
            return Unconfirmed(dead.Message);
        }
        finally
        {
            pin?.Dispose();
        }
    }

    /// <summary>
    /// An orderly end, after the last call: takes a checkpoint, so that the next start is short. Where there is no room for it nothing is lost, and the failure says so.
    /// </summary>
    public async ValueTask<Result<Unit>> Close(CancellationToken cancel)
    {
        await Stop();
        try
        {
            return await Roles.Checkpoints.TakeIfChanged(cancel);
        }
        catch (Exception fault) when (fault is FailedSyncException or LogDeadException)
        {
            // The process ends anyway, and the next start does without.
            return new Failure(FailureCode.Internal, fault.Message);
        }
    }

    /// <summary>Ends as it is; the next start reads the log from the last checkpoint on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        await Stop();
        await Roles.DisposeAsync();
        await Recovered.DisposeAsync();
        await (replicated?.DisposeAsync() ?? log.DisposeAsync());
        await directory.DisposeAsync();
        stop.Dispose();
    }

    private static Failure Unconfirmed(string why) =>
        new(FailureCode.Unavailable, $"it cannot be confirmed that this node is still the active, and another one may have acknowledged writes that it lacks: {why}; ask the active for the backup");

    /// <summary>
    /// The end of a backup that is asked for now, when something that began after the call says that this node is still the active: a position up to which everything is
    /// committed and applied, and a time up to which nothing is missing there.
    /// </summary>
    private async Task<Result<(LogPosition Last, Timestamp End)>> Moment(CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(ConfirmPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        LogPosition? awaited = null;
        try
        {
            var promised = await Promised(either.Token);
            if (!promised.Succeeded && promised.Failure.Code != FailureCode.QuotaExceeded)
            {
                return promised;
            }

            var confirmed = await (replicated ?? (ILog)log).ConfirmAsync(either.Token);
            if (!confirmed.Succeeded)
            {
                return confirmed.Failure;
            }

            awaited = promised.Succeeded ? promised.Value.Last : confirmed.Value;
            await Roles.AppliedUpTo(awaited.Value, either.Token);

            // A promise may need a record, and a full disk takes none. What was acknowledged before the call is applied; so is its last record's time.
            var applied = Roles.AppliedPoint;
            return promised.Succeeded ? promised : (applied.Position, applied.Timestamp);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return awaited is { } last
                ? new Failure(FailureCode.Unavailable, $"what was written up to record {last.Number} is not committed and applied within {ConfirmPatience.TotalSeconds:0} s: another member is slow or gone; try again")
                : Unconfirmed($"no word within {ConfirmPatience.TotalSeconds:0} s");
        }
    }

    /// <summary>A time of now, and the position behind which nothing at or below it will stand. An active that is cut off cannot commit what that may need: the wait ends with the token.</summary>
    private async Task<Result<(LogPosition Last, Timestamp End)>> Promised(CancellationToken cancel) =>
        (await log.NextTimestampAsync(cancel).AsTask().Until(cancel)).TryGet(out var end, out var failure)
            && (await log.PromiseAsync(end, cancel).AsTask().Until(cancel)).TryGet(out var last, out failure)
            ? (last, end)
            : failure;

    private async Task Stop()
    {
        // Not CancelAsync: callbacks stay on this scheduler.
        stop.Cancel();
        await Waits.First(Waits.All([following, leading, checkpointing, tending]));
    }

    private async Task<Result<Unit>> Serve(IRandomSource random, CancellationToken cancel)
    {
        if (replicated is not null)
        {
            leading = LeadOnceActive(replicated);
        }
        else
        {
            var claim = new ClaimId(random.NextUInt64(), random.NextUInt64());
            var epoch = new Epoch(log.Chain.Last.Number + 1, claim);
            if (!(await log.OpenAsync(epoch, forced: false, new ClaimNote(Node, epoch.Number == 1 ? ClaimCause.Formed : ClaimCause.Restarted), cancel)).TryGet(out var opened, out var failure)
                || !(await Roles.Activate(opened, steps: null, cancel)).TryGet(out _, out failure))
            {
                return failure;
            }

            active.SetResult();
            leading = Roles.Lead(stop.Token);
        }

        checkpointing = Roles.Checkpoints.Run(stop.Token);
        tending = Roles.Tend(stop.Token);
        Death = Ended();
        return Result.Ok;
    }

    private async Task LeadOnceActive(ReplicatedLog log)
    {
        var opened = await log.Activated.Until(stop.Token);
        var enough = log.State.AcceptsWrites;
        while (!(await Roles.Activate(opened, log.Takeover, stop.Token)).TryGet(out _, out var failure))
        {
            if (enough)
            {
                throw new EpochOverException($"the roles could not become active under {opened.Fence.Epoch}: {failure}", needsOperator: false);
            }

            // A new log needs its first records, and one that a crash cut short needs mending: both wait for the members that a write needs.
            await log.Members.Accepted.Until(stop.Token);
            enough = true;
        }

        log.Takeover.Mark("roles active");
        active.SetResult();
        await Roles.Lead(stop.Token);
    }

    private async Task<Exception> Ended()
    {
        Task[] ways = [log.Death, Roles.State.Death, following, leading, checkpointing, tending];
        var first = await Waits.First(ways);
        // Whoever notices first, the log's own reason is the reason.
        var reason = log.Death.IsCompleted ? await log.Death
            : first == 1 ? await Roles.State.Death
            : ways[first].Exception?.InnerException ?? new OperationCanceledException("the node was stopped");
        if (replicated is not null)
        {
            await DamageNote.Leave(Files, directory.Path, reason, CancellationToken.None);
        }

        return reason;
    }
}
