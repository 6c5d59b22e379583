using Elanus.Engine;
using Elanus.Log;
using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Roles.Tests;

/// <summary>The state hash covers all that committed records make, and nothing else.</summary>
public sealed class LogicalStateTests
{
    private static readonly CollectionInfo Collection = Info();
    private static readonly IndexInfo Index = Indexed();

    /// <summary>What can follow the sample: each makes another state.</summary>
    private static (ushort Kind, ReadOnlyMemory<byte> Payload)[] Differences { get; } =
    [
        Root(new RootCommand.ReserveIds(1 << 25)),
        Root(new RootCommand.PutDatabase(new() { Id = new(2), Name = "second", Created = new(100) })),
        Root(new RootCommand.PutDatabase(new() { Id = new(1), Name = "default", Created = new(100), Properties = Collection.Properties.Add("database.max.collections", "3") })),
        Root(new RootCommand.RemoveDatabase(new(1))),
        Root(new RootCommand.PutAlias(new(new(1), "falcons", SampleState.Collection))),
        Root(new RootCommand.PutAlias(new(new(1), "birds", new(8)))),
        Root(new RootCommand.RemoveAlias(new(1), "birds")),
        Root(new RootCommand.PutUser(new("guest", [1, 2, 3], 10, [4, 5, 6]))),
        Root(new RootCommand.PutUser(new("root", [1, 2, 3], 10, [4, 5, 7]))),
        Root(new RootCommand.RemoveUser("root")),
        Root(new RootCommand.PutCollection(Collection with { Properties = Collection.Properties.Add("collection.ttl.seconds", "60") })),
        Root(new RootCommand.PutCollection(Collection with { Consistency = ConsistencyLevel.Strong })),
        Root(new RootCommand.PutCollection(Collection with { Partitions = [Collection.Partitions[0] with { Name = "renamed" }] })),
        Root(new RootCommand.RemoveCollection(SampleState.Collection)),
        Indexing(new IndexCommand.PutIndex(Index with { Params = [new("metric_type", "IP")] })),
        Indexing(new IndexCommand.PutIndex(Index with { Properties = Collection.Properties.Add("mmap.enabled", "true") })),
        Indexing(new IndexCommand.RemoveIndex(SampleState.Collection, Index.Id)),
        Loading(new LoadCommand.PutLoad(new() { Collection = SampleState.Collection, Whole = false, Partitions = [SampleState.Partition], Since = new(400) })),
        Loading(new LoadCommand.RemoveLoad(SampleState.Collection)),
        Data(SampleState.Insert(9)),

        // The same rows, under an id or another one: a repetition is answered from the table of requests.
        Data(SampleState.Insert(9) with { Request = new(new(0, 1), 10, 0, 1, 0) }),
        Data(SampleState.Insert(9) with { Request = new(new(0, 2), 10, 0, 1, 0) }),
    ];

    public static TheoryData<int> BatchSizes => [1, 2, 5, 100];

    [Fact]
    public async Task Every_difference_shows()
    {
        var hashes = new List<ulong> { await HashOf(SampleState.Records) };
        foreach (var (kind, payload) in Differences)
        {
            hashes.Add(await HashOf([.. SampleState.Records, Next(SampleState.Records, kind, payload)]));
        }

        Assert.Equal(hashes.Count, hashes.Distinct().Count());
    }

    [Fact]
    public async Task Records_of_the_log_itself_change_nothing() => Assert.Equal(
        await HashOf(SampleState.Records), await HashOf([.. SampleState.Records, Next(SampleState.Records, RecordKind.Reserve.Value, new byte[8])]));

    [Theory]
    [MemberData(nameof(BatchSizes))]
    public async Task It_is_the_same_in_whatever_batches_the_log_comes(int batch)
    {
        var all = All();
        await using var rows = Rows();
        var state = new LogicalState(rows);
        var follower = new ChannelFollower(new BatchedLog(all, batch), [state]);
        using var stop = new CancellationTokenSource();
        var following = follower.Run(stop.Token);
        await follower.WaitFor(all[^1].Position, default);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
        Assert.Equal(await HashOf(all), state.Hash());
    }

    [Fact]
    public async Task It_is_the_same_over_a_checkpoint_and_a_restart_at_every_record()
    {
        var all = All();
        var expected = await HashOf(all);
        for (var at = 1; at < all.Count; at++)
        {
            await using var before = Rows();
            var original = Applied(before, all.Take(at));
            var files = new CheckpointFiles((await DirectorySegmentStore.OpenAsync(new MemoryFileSystem(), "/checkpoints", default)).Value, SampleState.Channel);
            var name = new CheckpointName(SampleState.Name.Epoch, all[at - 1].Position);
            var captured = original.Parts.Select(part => part.Capture()).ToList();
            Assert.True((await files.WriteAsync(name, all[at - 1].Timestamp, captured, new SampleState.InlineWork(), default)).Succeeded);
            captured.ForEach(part => part.Dispose());

            using var checkpoint = (await files.OpenAsync(name, new SampleState.InlineWork(), default)).Value;
            await using var after = Rows();
            var restored = new LogicalState(after);
            await restored.Restore(checkpoint, default);
            Assert.Equal(original.Hash(), restored.Hash());
            foreach (var record in all.Skip(at))
            {
                restored.Apply(record);
            }

            Assert.Equal(expected, restored.Hash());
        }
    }

    /// <summary>The sample and all differences that can stand one after the other.</summary>
    private static List<LogRecord> All()
    {
        var all = SampleState.Records.ToList();
        foreach (var (kind, payload) in Differences.Where(difference => !difference.Payload.Span.SequenceEqual(Root(new RootCommand.RemoveCollection(SampleState.Collection)).Payload.Span)))
        {
            all.Add(Next(all, kind, payload));
        }

        return all;
    }

    private static LogRecord Next(IReadOnlyList<LogRecord> records, ushort kind, ReadOnlyMemory<byte> payload) => SampleState.Record((ulong)records.Count + 1, kind, payload);

    private static async Task<ulong> HashOf(IEnumerable<LogRecord> records)
    {
        await using var rows = Rows();
        return Applied(rows, records).Hash();
    }

    private static LogicalState Applied(DataState rows, IEnumerable<LogRecord> records)
    {
        var state = new LogicalState(rows);
        foreach (var record in records)
        {
            state.Apply(record);
        }

        return state;
    }

    private static DataState Rows() => new(SampleState.Channel, new SampleState.InlineWork());

    private static CollectionInfo Info() =>
        SampleState.Records.Where(record => record.Kind.Value == MetadataRecordKinds.Root).Select(record => MetadataCommands.Decode<RootCommand>(record.Payload)).OfType<RootCommand.PutCollection>().Single().Collection;

    private static IndexInfo Indexed() =>
        SampleState.Records.Where(record => record.Kind.Value == MetadataRecordKinds.Indexing).Select(record => MetadataCommands.Decode<IndexCommand>(record.Payload)).OfType<IndexCommand.PutIndex>().Single().Index;

    private static (ushort Kind, ReadOnlyMemory<byte> Payload) Root(RootCommand command) => (MetadataRecordKinds.Root, MetadataCommands.Encode(command));

    private static (ushort Kind, ReadOnlyMemory<byte> Payload) Indexing(IndexCommand command) => (MetadataRecordKinds.Indexing, MetadataCommands.Encode(command));

    private static (ushort Kind, ReadOnlyMemory<byte> Payload) Loading(LoadCommand command) => (MetadataRecordKinds.Loading, MetadataCommands.Encode(command));

    private static (ushort Kind, ReadOnlyMemory<byte> Payload) Data(DataRecord record)
    {
        var encoded = DataRecordCodec.Encode(record);
        return (encoded.Kind, encoded.ToArray());
    }
}
