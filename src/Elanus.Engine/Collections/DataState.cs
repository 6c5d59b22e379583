using System.Collections.Concurrent;
using Elanus.Primitives;

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
    private readonly IWorkScheduler work;
    private ulong appliedNumber;
    private ulong appliedTimestamp;

    public DataState(ChannelId channel, IWorkScheduler work, EngineOptions? options = null)
    {
        Channel = channel;
        this.work = work;
        this.options = options ?? new();
        background = new(work);
    }

    public ChannelId Channel { get; }

    /// <summary>The last record whose effect every view opened from now on shows.</summary>
    public LogPosition AppliedPosition => new(Channel, Volatile.Read(ref appliedNumber));

    public Timestamp AppliedTimestamp => new(Volatile.Read(ref appliedTimestamp));

    /// <summary>The collections that exist, in no order.</summary>
    public IEnumerable<CollectionData> Collections => collections.Select(pair => pair.Value);

    public CollectionData? Find(CollectionId collection) => collections.GetValueOrDefault(collection);

    /// <summary>
    /// Applies one record whole. Kinds outside the data range only move the position. A record about a collection or partition that
    /// is gone changes nothing.
    /// </summary>
    /// <exception cref="RecordCorruptException">The payload is damaged or contradicts the state; nothing was changed.</exception>
    public void Apply(LogPosition position, Timestamp timestamp, int kind, ReadOnlyMemory<byte> payload)
    {
        Invariant.Holds(position > AppliedPosition && timestamp >= AppliedTimestamp, $"a record at {position} was applied out of order");
        if (DataRecordKinds.Contains(kind))
        {
            Apply(position, timestamp, DataRecordCodec.Decode(kind, payload));
        }

        Volatile.Write(ref appliedTimestamp, timestamp.Value);
        Volatile.Write(ref appliedNumber, position.Number);
    }

    /// <summary>A number for the whole logical state; see <see cref="StateHash"/>. Not while records are being applied.</summary>
    public ulong Hash()
    {
        var hash = new StateHash();
        foreach (var collection in Collections)
        {
            collection.AddTo(hash);
        }

        return hash.Value;
    }

    /// <summary>References to the whole state, for a checkpoint. Not while records are being applied; what it gives stays as it is while they are.</summary>
    public DataCapture Capture() => new(AppliedPosition, AppliedTimestamp, Collections.Select(c => c.Capture()));

    /// <summary>
    /// Becomes the captured state at a position; only once, before anything was applied. <paramref name="rows"/> gives the bytes that
    /// <see cref="DataCapture.Rows"/> gave, from an offset on, as many as fit in one piece of memory.
    /// </summary>
    /// <exception cref="RecordCorruptException">The bytes are damaged; the state is of no more use then, and is disposed.</exception>
    public void Restore(LogPosition position, Timestamp timestamp, ReadOnlySpan<byte> description, Func<long, ReadOnlyMemory<byte>> rows)
    {
        Invariant.Holds(AppliedPosition.Number == 0 && collections.IsEmpty, "a state was restored over another");
        var window = new RowWindow(rows);
        foreach (var described in CapturedCollection.Read(description))
        {
            var collection = new CollectionData(new(described.Id, described.Schema, described.Partitions, described.Shards), options, work, background);
            PayloadReader.Require(collections.TryAdd(described.Id, collection), $"collection {described.Id} is there twice");
            foreach (var segment in described.Segments)
            {
                collection.Restore(segment, window);
            }
        }

        window.End();
        foreach (var collection in Collections)
        {
            collection.Resume();
        }

        Volatile.Write(ref appliedTimestamp, timestamp.Value);
        Volatile.Write(ref appliedNumber, position.Number);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (id, _) in collections)
        {
            if (collections.TryRemove(id, out var collection))
            {
                collection.Drop();
            }
        }

        await background.DisposeAsync();
    }

    private void Apply(LogPosition position, Timestamp timestamp, DataRecord record)
    {
        if (record is CollectionCreated created)
        {
            if (collections.ContainsKey(created.Collection))
            {
                throw new RecordCorruptException($"collection {created.Collection} is created twice");
            }

            collections[created.Collection] = new(created, options, work, background);
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
