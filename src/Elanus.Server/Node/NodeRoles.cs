using Elanus.Engine;
using Elanus.Log;
using Elanus.Primitives;
using Elanus.Replication;
using Elanus.Roles;
using Elanus.Storage;

namespace Elanus.Server;

/// <summary>
/// All roles over one channel, joined by calls within the process. Following begins with <see cref="Follow"/>; <see cref="Activate"/> makes
/// the roles active once the log's epoch is this node's and everything before it is applied.
/// </summary>
public sealed class NodeRoles : IAsyncDisposable
{
    private readonly NodeSettings settings;
    private readonly RootContext root;
    private readonly DatabaseCoord databases;
    private readonly UserCoord users;
    private readonly TimeProvider time;
    private readonly DataCoord dataCoord;
    private readonly SegmentKeeper keeper;
    private readonly ChannelFollower follower;
    private readonly IndexAssignment indexes;
    private readonly LogicalState logical;

    public NodeRoles(ILog log, CheckpointFiles checkpoints, ISegmentStore segments, HybridClock clock, NodeSettings settings, NodeSeams seams)
    {
        this.settings = settings;
        log = seams.AroundLog?.Invoke(log) ?? log;
        logical = new(new(log.Channel, seams.Work, settings.Engine with { RoomLeftMin = settings.RoomLeftMin }, segments));
        indexes = new(Metadata, State);
        var volume = new AppliedVolume(settings.Checkpoints.RecordBytesMin);
        follower = new(log, [logical, indexes, volume]);
        Checkpoints = new(log, follower, volume, checkpoints, segments, logical.Parts, seams.Work, seams.Time, settings.Checkpoints);
        time = seams.Time;
        var channels = new DataChannels(log, follower);
        var metadata = new MetadataChannel(log, follower, Metadata);
        var ids = new IdAllocator(metadata, clock);
        root = new(metadata, channels, new(metadata, State, channels), ids, clock, settings.Limits);
        databases = new(root);
        users = new(root, new(seams.Random, seams.Work, settings.PasswordRounds));
        var node = new DataNode(log, follower, State, new(logical.Requests, follower));
        var context = new ProxyContext(Metadata, node, ids, clock, settings.Limits, settings.GracefulTime, seams.Random);
        var segmentBytesMax = Math.Min(settings.SegmentBytesMax, settings.Engine.SegmentBytesMax);
        keeper = new(Metadata, channels, State, seams.Time, clock, segmentBytesMax, () => volume.LacksRecord);
        dataCoord = new(context, channels, State, keeper, seams.Time, segmentBytesMax);
        Proxy = new()
        {
            Context = context,
            Databases = databases,
            Collections = new CollectionCoord(root),
            Partitions = new PartitionCoord(root),
            Aliases = new AliasCoord(root),
            Users = users,
            Indexes = new IndexCoord(root, metadata),
            Loading = new QueryCoord(root, metadata),
            Data = dataCoord,
            Writes = new(context),
            Queries = new(context),
            Searches = new(context),
            HybridSearches = new(context),
            Inspection = new(context, State),
        };
    }

    public Proxy Proxy { get; }

    public MetadataMachine Metadata => logical.Metadata;

    public DataState State => logical.Rows;

    /// <summary>Records that the last <see cref="Activate"/> needed to make changes whole that a crash had cut in two.</summary>
    public int Mended { get; private set; }

    public CheckpointKeeper Checkpoints { get; }

    public LogPosition Applied => follower.Applied;

    /// <summary>The last record applied, and its time.</summary>
    public AppliedPoint AppliedPoint => follower.AtRest(static point => point);

    /// <summary>A number for the whole logical state; not while records are being applied.</summary>
    public ulong Hash() => logical.Hash();

    /// <summary>Completes when the position is committed and applied.</summary>
    public Task AppliedUpTo(LogPosition position, CancellationToken cancel) => follower.WaitFor(position, cancel);

    /// <summary>Becomes what a checkpoint holds; before <see cref="Follow"/>. Throws <see cref="InvalidDataException"/> where it cannot: then these roles are of no use.</summary>
    public async Task Restore(Checkpoint from, CancellationToken cancel)
    {
        await logical.Restore(from, cancel);
        follower.StartBehind(new(from.Name.Position, from.Timestamp, from.Name.Epoch));
        indexes.Assign();
    }

    /// <summary>Applies the log until cancelled; ends early only with the reason why it cannot go on.</summary>
    public Task Follow(CancellationToken cancel) => follower.Run(cancel);

    /// <summary>
    /// Waits until the fence is applied, mends what a crash left between two records, if the disk has room for it, and makes what every log has: the default database and root.
    /// </summary>
    /// <param name="epoch">The epoch, whose fence is committed.</param>
    /// <param name="steps">Gets the steps on the way; null where nobody looks.</param>
    /// <param name="cancel">Ends it early.</param>
    public async Task<Result<Unit>> Activate(OpenedEpoch epoch, TurnSteps? steps, CancellationToken cancel)
    {
        await follower.WaitFor(epoch.Fence.Position, cancel);
        steps?.Mark("fence applied");
        if (!(await root.Settle(cancel)).TryGet(out var mended, out var failure) && failure.Code != FailureCode.QuotaExceeded)
        {
            return failure;
        }

        // A full disk that takes no record leaves the change half done, as a running node does: KeepSettled mends it when there is room, and reads need not wait for that.
        Mended = mended;
        if (!(await databases.EnsureDefault(cancel)).TryGet(out _, out failure))
        {
            return failure;
        }

        steps?.Mark("definitions settled");
        State.Own();
        return await users.EnsureRoot(settings.RootPassword, cancel);
    }

    /// <summary>What every node does by itself, active or not, until cancelled.</summary>
    public Task Tend(CancellationToken cancel) => FileRetries.Run(State, time, cancel);

    /// <summary>What an active node does by itself, until cancelled.</summary>
    public async Task Lead(CancellationToken cancel)
    {
        await State.LookThroughFiles(cancel);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] duties = [dataCoord.SealLargeSegments(both.Token), keeper.Run(both.Token), root.KeepSettled(time, both.Token)];
        try
        {
            await duties[await Waits.First(duties)];
        }
        finally
        {
            // The first that ends, ends with the reason why the role does.
            both.Cancel();
            await Waits.First(Waits.All(duties));
        }
    }

    public ValueTask DisposeAsync() => State.DisposeAsync();
}
