using Elanus.Engine;
using Elanus.Log;
using Elanus.Primitives;

namespace Elanus.Roles.Tests;

/// <summary>Metadata and rows of a small node at record 20 of epoch 3, and its checkpoint.</summary>
internal sealed class SampleState : IAsyncDisposable
{
    public static readonly ChannelId Channel = new(1);
    public static readonly CheckpointName Name = new(new(3, new(0xA1, 0xB2)), new(Channel, 20));
    public static readonly Timestamp Stamp = new(5000);

    public static readonly CollectionId Collection = new(7);
    public static readonly PartitionId Partition = new(11);

    public MetadataMachine Metadata { get; } = new();

    public DataState Data { get; } = new(Channel, new InlineWork());

    private ICheckpointed[] Parts => [Metadata, new DataCheckpoint(Data)];

    /// <summary>What makes the state.</summary>
    public static IReadOnlyList<LogRecord> Records { get; } = Made();

    public static SampleState Filled()
    {
        var state = new SampleState();
        foreach (var record in Records)
        {
            state.Metadata.Apply(record);
            state.Data.Apply(record.Position, record.Timestamp, record.Kind.Value, record.Payload);
        }

        return state;
    }

    /// <summary>A record of the node's epoch.</summary>
    public static LogRecord Record(ulong number, ushort kind, ReadOnlyMemory<byte> payload) =>
        new(new(Name.Epoch, new(Channel, number), new(number * 100), new(kind), payload.Length, 0), payload);

    private static List<LogRecord> Made()
    {
        var records = new List<LogRecord>();
        var schema = new CollectionSchema
        {
            Name = "kites",
            Version = 1,
            Fields =
            [
                new() { Id = new(100), Name = "id", Type = DataType.Int64, IsPrimaryKey = true },
                new() { Id = new(101), Name = "name", Type = DataType.VarChar, MaxLength = 20, Nullable = true },
                new() { Id = new(102), Name = "v", Type = DataType.FloatVector, Dimension = 2 },
            ],
        };
        RootCommand[] root =
        [
            new RootCommand.ReserveIds(1 << 24),
            new RootCommand.PutDatabase(new() { Id = new(1), Name = "default", Created = new(100) }),
            new RootCommand.PutCollection(new()
            {
                Id = Collection, Database = new(1), Schema = schema, Shards = 1, Consistency = ConsistencyLevel.Bounded, Created = new(200), Updated = new(200),
                Partitions = [new(Partition, "_default", new(200))],
            }),
            new RootCommand.PutAlias(new(new(1), "birds", Collection)),
            new RootCommand.PutUser(new("root", [1, 2, 3], 10, [4, 5, 6])),
        ];
        foreach (var command in root)
        {
            Add(MetadataRecordKinds.Root, MetadataCommands.Encode(command));
        }

        Add(MetadataRecordKinds.Indexing, MetadataCommands.Encode<IndexCommand>(new IndexCommand.PutIndex(new()
        {
            Id = new(30), Collection = Collection, Field = new(102), Name = "v", Type = "FLAT", Params = [new("metric_type", "L2")], Created = new(300),
        })));
        Add(MetadataRecordKinds.Loading, MetadataCommands.Encode<LoadCommand>(new LoadCommand.PutLoad(new() { Collection = Collection, Whole = true, Since = new(400) })));
        DataRecord[] data =
        [
            new CollectionCreated(Collection, schema, [Partition], 1),
            Insert(1, 2, 3),
            Seal.All(Collection),
            Insert(3, 4),
            new Write(Collection, 1, new(Keys(2), []), []),
        ];
        foreach (var record in data)
        {
            var encoded = DataRecordCodec.Encode(record);
            Add(encoded.Kind, encoded.ToArray());
        }

        return records;

        void Add(ushort kind, ReadOnlyMemory<byte> payload) => records.Add(Record((ulong)records.Count + 1, kind, payload));
    }

    /// <summary>Writes the state as a checkpoint.</summary>
    public async Task<Result<long>> Write(CheckpointFiles files)
    {
        var captured = Parts.Select(part => part.Capture()).ToList();
        var written = await files.WriteAsync(Name, Stamp, captured, new InlineWork(), default);
        captured.ForEach(part => part.Dispose());
        return written;
    }

    public async Task Restore(Checkpoint from)
    {
        foreach (var part in Parts)
        {
            await part.Restore(from, default);
        }
    }

    public ValueTask DisposeAsync() => Data.DisposeAsync();

    public static Write Insert(params long[] keys)
    {
        var names = new ColumnBuilder(DataType.VarChar);
        var vectors = new ColumnBuilder(DataType.FloatVector, dimension: 2);
        foreach (var key in keys)
        {
            _ = key == 3 ? names.AppendNull() : names.AppendText($"kite {key}");
            vectors.Append(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(new[] { key, 0.5f }));
        }

        return new(Collection, 1, null, [new(0, Partition, new(keys.Length, [new(new(100), Keys(keys)), new(new(101), names.Build()), new(new(102), vectors.Build())]))]);
    }

    private static HeapColumn Keys(params long[] keys) => keys.Aggregate(new ColumnBuilder(DataType.Int64), (builder, key) => builder.Append(key)).Build();

    internal sealed class InlineWork : IWorkScheduler
    {
        public int Parallelism => 1;

        public Task<T> Run<T>(WorkPriority priority, Func<CancellationToken, T> work, CancellationToken cancel) => Task.FromResult(work(cancel));
    }
}
