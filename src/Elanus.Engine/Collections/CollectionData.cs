using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// One collection's rows on this node. The applier changes it; any thread opens views and asks for statistics. One short lock stands
/// between the two: the applier writes rows and looks keys up before it takes it, readers scan after they left it.
/// </summary>
public sealed partial class CollectionData
{
    // Held by the applier while it applies a record, and by whoever replaces a segment's rows: the applier reads them without the gate. Before it.
    private readonly Lock turn = new();
    private readonly Lock gate = new();
    private readonly EngineOptions options;
    private readonly IWorkScheduler work;
    private readonly BackgroundWork background;
    private readonly SegmentFiles files;
    private readonly List<Segment> segments = [];
    private readonly Dictionary<(int Shard, PartitionId Partition), Segment> growing = [];
    private ImmutableArray<PartitionId> partitions;
    private CollectionSchema schema;
    private SegmentLayout layout;
    private Snapshot? snapshot;
    private bool isGone;

    internal CollectionData(CollectionCreated created, EngineOptions options, IWorkScheduler work, BackgroundWork background, SegmentFiles files)
    {
        Id = created.Collection;
        Shards = created.Shards;
        schema = created.Schema;
        layout = new(schema);
        partitions = created.Partitions;
        this.options = options;
        this.work = work;
        this.background = background;
        this.files = files;
    }

    public CollectionId Id { get; }

    public int Shards { get; }

    public CollectionSchema Schema
    {
        get
        {
            lock (gate)
            {
                return schema;
            }
        }
    }

    public ImmutableArray<PartitionId> Partitions
    {
        get
        {
            lock (gate)
            {
                return partitions;
            }
        }
    }

    /// <summary>
    /// A view of the rows as they stand after some whole record: of the partitions given, or of all. It stays as it is until it is disposed.
    /// Fails where the collection or a partition is gone. Rows inserted before <paramref name="notBefore"/> have expired and are not shown.
    /// </summary>
    public Result<CollectionView> OpenView(IReadOnlyCollection<PartitionId>? only = null, Timestamp notBefore = default)
    {
        Snapshot held;
        lock (gate)
        {
            if (isGone)
            {
                return new Failure(FailureCode.CollectionNotFound, $"collection {Id} was dropped");
            }

            foreach (var partition in only ?? [])
            {
                if (!partitions.Contains(partition))
                {
                    return Failure.PartitionNotFound($"{partition}");
                }
            }

            held = snapshot ??= new(schema, partitions, segments);
            held.Hold();
        }

        return new CollectionView(held, only, notBefore, work, options);
    }

    /// <summary>The rows of a segment as they lie now, held: the caller releases them.</summary>
    private RowStore HoldRows(Segment segment)
    {
        lock (gate)
        {
            segment.Store.Hold();
            return segment.Store;
        }
    }

    /// <summary>Runs a change that snapshots must see whole, and lets the next view see it.</summary>
    private void Change(Action change)
    {
        Snapshot? stale;
        lock (gate)
        {
            change();
            stale = snapshot;
            snapshot = null;
        }

        stale?.Release();
    }
}
