using Elanus.Log;
using Elanus.Primitives;
using Elanus.Roles;

namespace Elanus.Server.Tests;

/// <summary>A standalone node over files in memory, and shorthand for what its tests do.</summary>
internal sealed class NodeWorld : IAsyncDisposable
{
    public const string Database = "default";

    private readonly PooledWork work = new(1);
    private ulong seed = 7;

    public MemoryFileSystem Files { get; private set; } = new();

    /// <summary>The files as the node sees them, where that is not as they are.</summary>
    public IFileSystem? Seen { get; set; }

    /// <summary>Stands between the next node's roles and its log.</summary>
    public Func<ILog, ILog>? AroundLog { get; set; }

    /// <summary>What the next node starts with.</summary>
    public NodeSettings Settings { get; set; } = new() { DataPath = "/data", Log = new() { SegmentBytes = 1 << 20 } };

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public IWorkScheduler Work => work;

    public StandaloneNode Node { get; private set; } = null!;

    public Proxy Proxy => Node.Roles.Proxy;

    public static async Task<NodeWorld> Start(NodeSettings? settings = null, TimeProvider? time = null)
    {
        var world = new NodeWorld { Time = time ?? TimeProvider.System };
        world.Settings = settings ?? world.Settings;
        await world.Open();
        return world;
    }

    /// <summary>A node over files that are there.</summary>
    public static async Task<NodeWorld> Over(MemoryFileSystem files, NodeSettings settings)
    {
        var world = new NodeWorld { Files = files, Settings = settings };
        await world.Open();
        return world;
    }

    /// <summary>Stops the node and starts another over what an orderly stop left.</summary>
    public async Task Restart()
    {
        Assert.True((await Node.Close(default)).Succeeded);
        await Node.DisposeAsync();
        await Open();
    }

    /// <summary>Ends the node as a killed process would, and starts another.</summary>
    public async Task Kill()
    {
        await Node.DisposeAsync();
        await Open();
    }

    /// <summary>Starts another node over what a crash of the machine left of the files.</summary>
    public async Task Crash(ulong seed)
    {
        var image = Files.CrashImage(new SeededRandom(seed));
        await Node.DisposeAsync();
        Files = image;
        await Open();
    }

    public static FieldSchema Field(string name, DataType type, params (string Key, string Value)[] parameters) => new()
    {
        Id = default,
        Name = name,
        Type = type,
        TypeParams = [.. parameters.Select(p => new KeyValuePair<string, string>(p.Key, p.Value))],
    };

    /// <summary>id Int64 key, text VarChar, vec float vector of two, dynamic keys.</summary>
    public static CollectionDraft Draft(string name, bool autoId = false) => new()
    {
        Schema = new()
        {
            Name = name,
            EnableDynamicField = true,
            Fields =
            [
                Field("id", DataType.Int64) with { IsPrimaryKey = true, AutoId = autoId },
                Field("text", DataType.VarChar, ("max_length", "100")),
                Field("vec", DataType.FloatVector, ("dim", "2")),
            ],
        },
    };

    /// <summary>Makes a collection with an index, loaded.</summary>
    public async Task<CollectionInfo> Collection(string name, bool autoId = false)
    {
        var made = (await Proxy.Collections.Create(Database, Draft(name, autoId), default)).Value;
        _ = (await Proxy.Indexes.Create(Database, name, new("vec", "", [new("index_type", "FLAT"), new("metric_type", "L2")]), default)).Value;
        _ = (await Proxy.Loading.Load(Database, name, [], 1, [], default)).Value;
        return made;
    }

    /// <summary>Columns of rows (id, "t{id}", [id, 0]).</summary>
    public static InsertCall Rows(string collection, params long[] ids)
    {
        var keys = new ColumnBuilder(DataType.Int64);
        var texts = new ColumnBuilder(DataType.VarChar);
        var vectors = new ColumnBuilder(DataType.FloatVector, dimension: 2);
        foreach (var id in ids)
        {
            keys.Append(id);
            texts.AppendText($"t{id}");
            vectors.Append(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(new float[] { id, 0 }));
        }

        return new()
        {
            Database = Database,
            Collection = collection,
            Rows = ids.Length,
            Columns = [new("id", keys.Build()), new("text", texts.Build()), new("vec", vectors.Build())],
        };
    }

    public async Task<long[]> Ids(string collection, string filter = "id >= 0")
    {
        var found = await Proxy.Queries.Query(
            new() { Database = Database, Collection = collection, Filter = filter, Consistency = ConsistencyLevel.Strong },
            default);
        return found.Value.Rows.Find(found.Value.Collection.Schema.PrimaryKey.Id)!.As<long>().ToArray();
    }

    /// <summary>Takes a checkpoint of all that was answered: a write is answered once it is committed, and applied soon after.</summary>
    public async Task Checkpoint()
    {
        var committed = Node.Committed;
        var begun = TimeProvider.System.GetTimestamp();
        while (Node.Roles.Applied < committed)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(30), $"{committed} is not applied");
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        Assert.True((await Node.Roles.Checkpoints.Take(default)).Succeeded);
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await work.DisposeAsync();
    }

    /// <summary>Starts a node over the files as they are.</summary>
    public async Task<Result<StandaloneNode>> TryOpen() =>
        await StandaloneNode.Start(Settings, new(Seen ?? Files, Time, new SeededRandom(seed++), work) { AroundLog = AroundLog }, default);

    private async Task Open() => Node = (await TryOpen()).Value;
}
