using Elanus.Primitives;
using Elanus.Roles;

namespace Elanus.Server.Tests;

/// <summary>What tests of backups do with a node.</summary>
internal static class BackupWorld
{
    /// <summary>Seals what grows, and waits until the log names the files.</summary>
    public static async Task Sealed(NodeWorld world, CollectionInfo collection)
    {
        Assert.True((await world.Proxy.Data.Flush(NodeWorld.Database, collection.Schema.Name, default)).Succeeded);
        await Until(() => world.Node.Roles.State.Find(collection.Id)!.Statistics().Segments.All(s => s is { IsPublished: true, IsMapped: true }));
    }

    public static async Task Until(Func<bool> condition)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(30), "waited in vain");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    public static async Task<Timestamp> Insert(NodeWorld world, long id) =>
        (await world.Proxy.Writes.Insert(NodeWorld.Rows("c", id), default)).Value.Timestamp;

    public static async Task Backup(NodeWorld world, string to)
    {
        using var pinned = (await world.Node.PlanBackup(default)).Value;
        Assert.True((await Copied(world, pinned.Plan, to)).Succeeded);
    }

    public static async Task<Result<Unit>> Copied(NodeWorld world, BackupPlan plan, string to)
    {
        await using var work = new PooledWork(1);
        return await BackupCopy.Run(world.Files, plan, to, work, _ => { }, default);
    }

    public static async Task<Result<RestoredNode>> Restore(NodeWorld world, string from, string to, Timestamp? until)
    {
        await using var work = new PooledWork(1);
        return await Restoration.Run(from, to, until, new(world.Files, TimeProvider.System, new SeededRandom((ulong)to.Length), work), _ => { }, default);
    }

    /// <summary>The ids that a node on a directory answers with.</summary>
    public static async Task<long[]> Ids(NodeWorld world, string path)
    {
        await using var other = await NodeWorld.Over(world.Files, new() { DataPath = path, Log = new() { SegmentBytes = 1 << 20 } });
        return await other.Ids("c");
    }
}
