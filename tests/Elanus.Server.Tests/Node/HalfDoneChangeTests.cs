using Elanus.Log;
using Elanus.Primitives;
using Elanus.Roles;

namespace Elanus.Server.Tests;

/// <summary>
/// A change of a definition is one record in the metadata and one in the data channels. Each change is crashed at each of its syncs, with any part of
/// what was not synced on the disk; what starts then must be one or the other, the whole of it.
/// </summary>
public sealed class HalfDoneChangeTests
{
    private const string Name = "c";

    public static TheoryData<string> Changes => [.. All.Keys];

    private static Dictionary<string, Func<Proxy, Task<Failure?>>> All { get; } = new(StringComparer.Ordinal)
    {
        ["create collection"] = async proxy => (await proxy.Collections.Create(NodeWorld.Database, NodeWorld.Draft("fresh"), default)).Failure,
        ["drop collection"] = async proxy => (await proxy.Collections.Drop(NodeWorld.Database, "other", default)).Failure,
        ["truncate"] = async proxy => (await proxy.Collections.Truncate(NodeWorld.Database, "other", default)).Failure,
        ["rename"] = async proxy => (await proxy.Collections.Rename(NodeWorld.Database, "other", NodeWorld.Database, "renamed", default)).Failure,
        ["add field"] = async proxy => (await proxy.Collections.AddField(NodeWorld.Database, Name, Extra("more"), default)).Failure,
        ["alter field"] = async proxy => (await proxy.Collections.AlterField(NodeWorld.Database, Name, "text", [new("max_length", "200")], [], default)).Failure,
        ["alter properties"] = async proxy => (await proxy.Collections.AlterProperties(NodeWorld.Database, Name, [new("mmap.enabled", "true")], [], default)).Failure,
        ["create partition"] = async proxy => (await proxy.Partitions.Create(NodeWorld.Database, Name, "q", default)).Failure,
        ["drop partition"] = async proxy => (await proxy.Partitions.Drop(NodeWorld.Database, Name, "p", (_, _) => false, default)).Failure,
        ["create index"] = async proxy => (await proxy.Indexes.Create(NodeWorld.Database, "bare", new("vec", "", [new("index_type", "FLAT"), new("metric_type", "L2")]), default)).Failure,
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_change_that_a_crash_cuts_in_two_is_whole_or_gone_after_the_start(string change)
    {
        for (var syncs = 1; ; syncs++)
        {
            await using var world = await Prepared();
            var died = await CrashAt(world, syncs, change);
            await world.Crash((ulong)syncs);
            await Consistent(world, change, syncs);

            // Whatever was left, the same change can be asked for, and another of its kind.
            var again = await All[change](world.Proxy);
            Assert.True(again is null || change is "rename" or "add field", $"{change}, crashed at sync {syncs}: asked again: {again}");
            await Usable(world);
            var hash = world.Node.Roles.Hash();
            await world.Restart();
            Assert.Equal(hash, world.Node.Roles.Hash());
            Assert.Equal(0, world.Node.Roles.Mended);
            if (!died)
            {
                Assert.True(syncs > 1, $"{change} syncs nothing");
                return;
            }
        }
    }

    [Fact]
    public async Task A_change_that_its_client_gives_up_halfway_is_mended_before_the_next()
    {
        await using var world = await Prepared();
        using var client = new CancellationTokenSource();
        world.Proxy.Context.Metadata.Changed += (_, _) => client.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => world.Proxy.Partitions.Drop(NodeWorld.Database, Name, "p", (_, _) => false, client.Token));
        Assert.Null(world.Proxy.Metadata.Root.Collections.Values.Single(c => c.Name == Name).Partition("p"));

        Assert.True((await world.Proxy.Partitions.Create(NodeWorld.Database, Name, "q", default)).Succeeded);
        await Consistent(world, "drop partition", syncs: 0);
        await world.Restart();
        Assert.Equal(0, world.Node.Roles.Mended);
    }

    [Theory]
    [InlineData("drop collection")]
    [InlineData("drop partition")]
    public async Task A_change_that_a_full_disk_cut_in_two_keeps_no_start_from_serving_and_is_mended_when_there_is_room(string change)
    {
        await using var world = await Prepared();
        var (isFull, armed) = (false, false);
        world.AroundLog = log => new FullLog(log, () => Volatile.Read(ref isFull));
        await world.Restart();

        // The first of the two records takes the last room.
        world.Proxy.Context.Metadata.Changed += (_, _) => Volatile.Write(ref isFull, Volatile.Read(ref armed));
        Volatile.Write(ref armed, true);
        Assert.Equal(FailureCode.QuotaExceeded, (await All[change](world.Proxy))?.Code);
        var shown = await world.Ids(Name);
        for (var start = 0; start < 2; start++)
        {
            await world.Kill();
            Assert.Equal(shown, await world.Ids(Name));
            Assert.Equal(FailureCode.QuotaExceeded, (await world.Proxy.Writes.Insert(NodeWorld.Rows(Name, 8), default)).Failure?.Code);
            Assert.Equal(FailureCode.QuotaExceeded, (await All["create partition"](world.Proxy))?.Code);
        }

        // Nothing is asked for, and still it is mended.
        Volatile.Write(ref isFull, false);
        await ClusterNode.Until(() => IsWhole(world), () => "it is never mended");
        await Consistent(world, change, syncs: 0);
        await Usable(world);
        await world.Restart();
        Assert.Equal(0, world.Node.Roles.Mended);
    }

    private static bool IsWhole(NodeWorld world)
    {
        var (root, state) = (world.Proxy.Metadata.Root, world.Node.Roles.State);
        return root.Collections.Count == state.Collections.Count()
            && root.Collections.Values.All(collection => state.Find(collection.Id)!.Partitions.Length == collection.Partitions.Length);
    }

    private static FieldSchema Extra(string name) => NodeWorld.Field(name, DataType.Int64) with { Nullable = true };

    private static async Task<NodeWorld> Prepared()
    {
        var world = await NodeWorld.Start();
        await world.Collection(Name);
        await world.Collection("other");
        Assert.True((await world.Proxy.Collections.Create(NodeWorld.Database, NodeWorld.Draft("bare"), default)).Succeeded);
        Assert.True((await world.Proxy.Partitions.Create(NodeWorld.Database, Name, "p", default)).Succeeded);
        foreach (var rows in new[] { NodeWorld.Rows(Name, 1, 2), NodeWorld.Rows(Name, 3) with { Partition = "p" }, NodeWorld.Rows("other", 7) })
        {
            Assert.True((await world.Proxy.Writes.Insert(rows, default)).Succeeded);
        }

        return world;
    }

    /// <summary>Lets the log die at its n-th sync from now; false where the change needed fewer.</summary>
    private static async Task<bool> CrashAt(NodeWorld world, int syncs, string change)
    {
        var left = syncs;
        world.Files.Faults.Sync = path => path.Contains("/log/", StringComparison.Ordinal) && --left <= 0 ? SyncFate.Failed : SyncFate.Honest;
        try
        {
            Assert.Null(await All[change](world.Proxy));
            return false;
        }
        catch (LogDeadException)
        {
            return true;
        }
    }

    private static async Task Consistent(NodeWorld world, string change, int syncs)
    {
        var (root, state) = (world.Proxy.Metadata.Root, world.Node.Roles.State);
        var what = $"{change}, crashed at sync {syncs}";
        Assert.True(root.Collections.Keys.ToHashSet().SetEquals(state.Collections.Select(c => c.Id)), $"{what}: metadata and data name other collections");
        foreach (var collection in root.Collections.Values)
        {
            var data = state.Find(collection.Id)!;
            Assert.True(data.Partitions.ToHashSet().SetEquals(collection.Partitions.Select(p => p.Id)), $"{what}: {collection.Name} has other partitions in its data");
            Assert.True(data.Schema.Version == collection.Schema.Version, $"{what}: {collection.Name} has schema {collection.Schema.Version}, its data {data.Schema.Version}");
            Assert.Equal(collection.Schema.Fields.Select(f => f.Id), data.Schema.Fields.Select(f => f.Id));
        }

        Assert.Equal(root.Find(root.Databases[NodeWorld.Database].Id, Name)!.Partition("p") is null ? [1, 2] : new long[] { 1, 2, 3 }, await world.Ids(Name));
    }

    /// <summary>A field that is added now is stored and read, whatever the change before it left.</summary>
    private static async Task Usable(NodeWorld world)
    {
        Assert.True((await world.Proxy.Collections.AddField(NodeWorld.Database, Name, Extra("last"), default)).Succeeded);
        var more = new ColumnBuilder(DataType.Int64).Append(42L).Build();
        var rows = NodeWorld.Rows(Name, 9);
        Assert.Null((await world.Proxy.Writes.Insert(rows with { Columns = [.. rows.Columns, new("last", more)] }, default)).Failure);
        Assert.Equal(new long[] { 9 }, await world.Ids(Name, "last == 42"));
        Assert.Contains(1, await world.Ids(Name, "last is null"));
    }
}
