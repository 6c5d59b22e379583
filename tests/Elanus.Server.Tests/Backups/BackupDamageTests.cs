using System.Buffers.Binary;
using Elanus.Primitives;
using static Elanus.Server.Tests.BackupWorld;

namespace Elanus.Server.Tests;

public sealed class BackupDamageTests
{
    [Fact]
    public async Task A_damaged_file_is_named_and_what_was_restored_before_it_is_no_data_directory()
    {
        await using var world = await NodeWorld.Start();
        await world.Collection("c");
        await Insert(world, 1);
        await Backup(world, "/backup");
        var name = $"/backup/log/{1:D20}.log";
        await using (var file = (await world.Files.OpenAsync(name, FileIntent.ReadWrite, default))!)
        {
            Assert.True((await file.WriteDurablyAsync(600, [new byte[] { 77 }], default)).Succeeded);
        }

        Assert.Contains($"{name} is damaged", (await Restore(world, "/backup", "/restored", null)).Failure!.Sentence, StringComparison.Ordinal);
        await world.Node.DisposeAsync();
        world.Settings = world.Settings with { DataPath = "/restored" };
        Assert.Contains("a restore that did not end", (await world.TryOpen()).Failure!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_whose_last_records_were_damaged_is_not_restored_as_whole()
    {
        await using var world = await NodeWorld.Start(new() { DataPath = "/data", Log = new() { SegmentBytes = 1 << 20, MarkAfterIdleMs = 0 } });
        await world.Collection("c");
        var earlier = await Insert(world, 1);
        await Insert(world, 2);
        using (var pinned = (await world.Node.PlanBackup(default)).Value)
        {
            var log = pinned.Plan.Sources.Last(source => source.Path.EndsWith(".log", StringComparison.Ordinal));
            world.Files.FlipBit(log.Path, await LastGroup(world, log.Path, log.Bytes) + 68, 1);
            Assert.True((await Copied(world, pinned.Plan, "/backup")).Succeeded);
        }

        Assert.Matches("lacks records [0-9]+ to [0-9]+", (await Restore(world, "/backup", "/restored", null)).Failure!.Sentence);
        Assert.True((await Restore(world, "/backup", "/earlier", earlier)).Succeeded);
        Assert.Equal(new long[] { 1 }, await Ids(world, "/earlier"));
    }

    [Theory]
    [InlineData("segments")]
    [InlineData("checkpoints")]
    public async Task A_stored_file_that_is_damaged_where_it_comes_from_is_named_and_there_is_no_backup(string folder)
    {
        await using var world = await WithFiles();
        var name = (await world.Files.ListAsync($"/data/{folder}", default))![^1].Name;
        world.Files.FlipBit($"/data/{folder}/{name}", 200, 3);
        using var pinned = (await world.Node.PlanBackup(default)).Value;
        var copied = await Copied(world, pinned.Plan, "/backup");
        Assert.Contains($"{folder}/{name} was damaged where it came from", copied.Failure!.Sentence, StringComparison.Ordinal);
        Assert.Contains("has no backup.json", (await Restore(world, "/backup", "/restored", null)).Failure!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stored_file_that_was_damaged_when_it_was_backed_up_is_named_by_the_restore()
    {
        await using var world = await WithFiles();
        await Backup(world, "/backup");
        var manifest = (await Restoration.ReadManifest(world.Files, "/backup", default)).Value;
        var damaged = manifest.Files.First(file => file.Name.StartsWith("segments/", StringComparison.Ordinal));
        world.Files.FlipBit($"/backup/{damaged.Name}", 200, 3);
        await using (var file = (await world.Files.OpenAsync($"/backup/{damaged.Name}", FileIntent.Read, default))!)
        {
            var bytes = new byte[damaged.Bytes];
            await file.ReadAsync(0, bytes, default);
            manifest = manifest with { Files = [.. manifest.Files.Select(f => f == damaged ? f with { Crc = Crc32C.Of(bytes) } : f)] };
        }

        await world.Files.DeleteAsync("/backup/backup.json", default);
        await using (var file = (await world.Files.CreateAsync("/backup/backup.json", default)).Value)
        {
            Assert.True((await file.WriteDurablyAsync(0, [manifest.Write()], default)).Succeeded);
        }

        var restored = await Restore(world, "/backup", "/restored", null);
        Assert.Contains($"/backup/{damaged.Name} was damaged before it was copied", restored.Failure!.Sentence, StringComparison.Ordinal);
    }

    /// <summary>A node with a row in a segment file that its newest checkpoint names.</summary>
    private static async Task<NodeWorld> WithFiles()
    {
        var world = await NodeWorld.Start();
        var collection = await world.Collection("c");
        await Insert(world, 1);
        await Sealed(world, collection);
        await world.Checkpoint();
        return world;
    }

    /// <summary>Where the last group begins that has records (docs/formats.md).</summary>
    private static async Task<long> LastGroup(NodeWorld world, string path, long bytes)
    {
        await using var file = (await world.Files.OpenAsync(path, FileIntent.Read, default))!;
        var content = new byte[bytes];
        await file.ReadAsync(0, content, default);
        var at = (content.Length - 1) / 512 * 512;
        while (!content.AsSpan(at + 4).StartsWith("EGRP"u8) || BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(at + 40)) == 0)
        {
            at -= 512;
        }

        return at;
    }
}
