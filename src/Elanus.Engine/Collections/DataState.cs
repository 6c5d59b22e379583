using System.Collections.Concurrent;
using System.Collections.Immutable;
using Elanus.Log;
using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Engine;

/// <summary>
/// One node's rows of one data channel: a pure function of the records applied. <see cref="Apply"/> is called in log order by one caller
/// at a time; everything else by any thread. Dispose cancels what is being built and frees all rows once their last view ends.
/// </summary>
public sealed class DataState : IAsyncDisposable
{
    private readonly ConcurrentDictionary<CollectionId, CollectionData> collections = new();
    private readonly EngineOptions options;
    private readonly BackgroundWork background;
    private readonly SegmentFiles files;
    private readonly IWorkScheduler work;
    private ulong appliedNumber;
    private ulong appliedTimestamp;
    private volatile bool isDisposed;

    /// <param name="channel">The channel whose records are applied.</param>
    /// <param name="work">Where heavy work goes.</param>
    /// <param name="options">Bounds and thresholds.</param>
    /// <param name="store">Where the column files of sealed segments are kept; without one all rows stay in memory. It outlives the state.</param>
    public DataState(ChannelId channel, IWorkScheduler work, EngineOptions? options = null, ISegmentStore? store = null)
    {
        Channel = channel;
        this.work = work;
        this.options = options ?? new();
        background = new(work);
        files = new(store, background, this.options);
    }

    public ChannelId Channel { get; }

    /// <summary>The last record whose effect every view opened from now on shows.</summary>
    public LogPosition AppliedPosition => new(Channel, Volatile.Read(ref appliedNumber));

    public Timestamp AppliedTimestamp => new(Volatile.Read(ref appliedTimestamp));

    /// <summary>The collections that exist, in no order.</summary>
    public IEnumerable<CollectionData> Collections => collections.Select(pair => pair.Value);

    /// <exception cref="LogDeadException">The state was disposed of: whether there is such a collection is no longer known here.</exception>
    public CollectionData? Find(CollectionId collection)
    {
        if (collections.TryGetValue(collection, out var found))
        {
            return found;
        }

        EnsureStands();
        return null;
    }

    /// <summary>Called where a collection is not found, or gone: what a node that stops has let go of was not dropped.</summary>
    /// <exception cref="LogDeadException">The state was disposed of.</exception>
    public void EnsureStands()
    {
        if (isDisposed)
        {
            throw new LogDeadException(Channel, new ObjectDisposedException(nameof(DataState), "this node is stopping"));
        }
    }

    /// <summary>
    /// Applies one record whole. Of the log's own kinds a fence begins an epoch; others, and those of metadata, only move the position. A record about a collection or partition that
    /// is gone changes nothing.
    /// </summary>
    /// <exception cref="RecordCorruptException">The payload is damaged or contradicts the state; nothing was changed.</exception>
    public void Apply(LogPosition position, Timestamp timestamp, int kind, ReadOnlyMemory<byte> payload)
    {
        Invariant.Holds(position > AppliedPosition && timestamp >= AppliedTimestamp, $"a record at {position} was applied out of order");
        files.ThrowIfDead();
        if (kind == RecordKind.Fence.Value)
        {
            BeginEpoch(position, payload.Span);
        }
        else if (DataRecordKinds.Contains(kind))
        {
            Apply(position, timestamp, DataRecordCodec.Decode(kind, payload));
        }

        Volatile.Write(ref appliedTimestamp, timestamp.Value);
        Volatile.Write(ref appliedNumber, position.Number);
    }

    /// <summary>
    /// Ends, with the reason, when this state cannot go on: its rows are not those that the owner published, or an fsync of one of its files failed. The owner of the
    /// state ends its process then.
    /// </summary>
    public Task<Exception> Death => files.Death;

    /// <summary>
    /// This node owns the channel from the fence on that was applied last: it writes column files of sealed segments and of compactions before the log names
    /// them. What <see cref="Unpublished"/> and <see cref="Unneeded"/> give is then to be appended.
    /// </summary>
    public void Own()
    {
        files.Owned = true;
        RetryFiles();
    }

    /// <summary>Looks through the files that an earlier owner left, behind <see cref="Own"/> and before anything is compacted; clients need not wait for it.</summary>
    public Task LookThroughFiles(CancellationToken cancel) => files.FindUnneeded(() => Standing().ToDictionary(s => s.Segment, s => s.Files), cancel);

    /// <summary>
    /// Behind <see cref="Restore"/>, before any record is applied: deletes the files of segments that this position has left behind, which a log that goes on here names no
    /// more. Each goes with its last pin.
    /// </summary>
    public Task DropLeftFiles(CancellationToken cancel) => files.DropLeft(AppliedPosition, Standing().Select(s => s.Segment).ToHashSet(), cancel);

    /// <summary>This node owns the channel no longer.</summary>
    public void Disown() => files.Owned = false;

    /// <summary>Names of the column files on which segments stand, by the log or here.</summary>
    public IReadOnlySet<string> FilesInUse() => Standing().SelectMany(s => s.Files).ToHashSet();

    /// <summary>Records that say which files exist now: each to be appended once, by the owner.</summary>
    public IReadOnlyList<Publish> Unpublished() => [.. Collections.SelectMany(c => c.Unpublished())];

    /// <summary>Records that let files go on which no segment stands any more.</summary>
    public IReadOnlyList<Drop> Unneeded() => files.Unneeded;

    /// <summary>Tries again what failed for sealed segments: to pack their rows, to write their files, to gather a compaction's. Mostly there was no room for it.</summary>
    public void RetryFiles()
    {
        foreach (var collection in Collections)
        {
            collection.RetryFiles();
        }
    }

    /// <summary>A number for all rows and what gives them their meaning; see <see cref="StateHash"/>. Not while records are being applied.</summary>
    public ulong Hash()
    {
        var hash = new StateHash();
        AddTo(hash);
        return hash.Value;
    }

    /// <inheritdoc cref="Hash"/>
    public void AddTo(StateHash hash)
    {
        foreach (var collection in Collections)
        {
            collection.AddTo(hash);
        }
    }

    /// <summary>References to the whole state, for a checkpoint. Not while records are being applied; what it gives stays as it is while they are.</summary>
    public DataCapture Capture() => new(AppliedPosition, AppliedTimestamp, Collections.Select(c => c.Capture()));

    /// <summary>
    /// Becomes the captured state at a position and in the epoch that stands there; only once, before anything was applied. Rows that files hold are
    /// opened, not read. <paramref name="rows"/> gives the bytes that <see cref="DataCapture.Rows"/> gave, from an offset on, as many as fit in one piece of memory.
    /// </summary>
    /// <exception cref="RecordCorruptException">The bytes are damaged, or a file is gone; the state is of no more use then, and is disposed.</exception>
    public async Task Restore(
        LogPosition position, Epoch epoch, Timestamp timestamp, ReadOnlyMemory<byte> description, Func<long, ReadOnlyMemory<byte>> rows, CancellationToken cancel)
    {
        Invariant.Holds(AppliedPosition.Number == 0 && collections.IsEmpty, "a state was restored over another");
        var window = new RowWindow(rows);
        foreach (var described in CapturedCollection.Read(description.Span))
        {
            var collection = new CollectionData(new(described.Id, described.Schema, described.Partitions, described.Shards), options, work, background, files);
            PayloadReader.Require(collections.TryAdd(described.Id, collection), $"collection {described.Id} is there twice");
            await collection.Restore(described, window, cancel);
        }

        window.End();
        files.Epoch = epoch;
        foreach (var collection in Collections)
        {
            collection.Resume();
        }

        Volatile.Write(ref appliedTimestamp, timestamp.Value);
        Volatile.Write(ref appliedNumber, position.Number);
    }

    public async ValueTask DisposeAsync()
    {
        isDisposed = true;
        foreach (var (id, _) in collections)
        {
            if (collections.TryRemove(id, out var collection))
            {
                collection.Drop();
            }
        }

        files.Stop();
        await background.DisposeAsync();
    }

    private IEnumerable<(SegmentId Segment, ImmutableArray<string> Files)> Standing() => Collections.SelectMany(c => c.Standing());

    /// <summary>What an ended epoch began is never published: its compactions end, and its inputs stand.</summary>
    private void BeginEpoch(LogPosition position, ReadOnlySpan<byte> payload)
    {
        PayloadReader.Require(Fence.FromPayload(position, payload) is not null, "a fence is damaged");
        files.Epoch = Fence.FromPayload(position, payload)!.Value.Epoch;
        foreach (var collection in Collections)
        {
            collection.EndCompactions();
        }
    }

    private void Apply(LogPosition position, Timestamp timestamp, DataRecord record)
    {
        if (record is Drop drop)
        {
            var standing = Standing().Select(s => s.Segment).ToHashSet();
            files.Delete([.. drop.Files.Select(file => file.Segment).Where(segment => !standing.Contains(segment))]);
            return;
        }

        if (record is CollectionCreated created)
        {
            if (collections.ContainsKey(created.Collection))
            {
                throw new RecordCorruptException($"collection {created.Collection} is created twice");
            }

            collections[created.Collection] = new(created, options, work, background, files);
            return;
        }

        if (!collections.TryGetValue(record.Collection, out var collection))
        {
            return;
        }

        if (record is CollectionDropped)
        {
            collections.TryRemove(record.Collection, out _);
            collection.Drop();
            return;
        }

        collection.Apply(position, timestamp, record);
    }
}
