using System.Text;
using System.Text.Json;
using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Server.Tests;

public sealed class SalvageTests
{
    [Fact]
    public async Task Rows_of_the_checkpoint_and_writes_of_the_log_come_as_lines()
    {
        await using var world = await Stopped();
        var (report, lines) = await Run(world);
        Assert.Equal(2, report.CheckpointRows);
        Assert.NotNull(report.Checkpoint);
        Assert.Empty(report.Unreadable);
        Assert.Equal([1, 2], Ids(lines, "checkpoint"));
        Assert.Contains(3, Ids(lines, "log"));
        var row = lines.First(l => l.GetProperty("source").GetString() == "checkpoint");
        Assert.Equal("c", row.GetProperty("collection").GetString());
        Assert.Equal("t1", row.GetProperty("row").GetProperty("text").GetString());
        Assert.Equal([1f, 0f], row.GetProperty("row").GetProperty("vec").EnumerateArray().Select(v => v.GetSingle()));
        Assert.Equal([2], lines.Single(l => l.GetProperty("op").GetString() == "delete").GetProperty("keys").EnumerateArray().Select(k => k.GetInt64()));
    }

    [Fact]
    public async Task Drops_and_truncations_stand_between_the_writes_in_their_order()
    {
        await using var world = await NodeWorld.Start();
        await world.Collection("c");
        Assert.True((await world.Proxy.Partitions.Create(NodeWorld.Database, "c", "p", default)).Succeeded);
        var partition = world.Proxy.Metadata.Root.Collections.Values.Single().Partition("p")!.Id;
        await Insert(1);
        Assert.True((await world.Proxy.Collections.Truncate(NodeWorld.Database, "c", default)).Succeeded);
        await Insert(2);
        Assert.True((await world.Proxy.Partitions.Drop(NodeWorld.Database, "c", "p", (_, _) => false, default)).Succeeded);
        await Insert(3);
        Assert.True((await world.Proxy.Collections.Drop(NodeWorld.Database, "c", default)).Succeeded);
        await world.Collection("c");
        await Insert(4);
        await world.Node.DisposeAsync();
        var (_, lines) = await Run(world);
        Assert.Equal(["insert 1", "truncate", "insert 2", $"drop {partition.Value}", "insert 3", "drop", "insert 4"], lines.Select(Said));
        Assert.All(lines, line => Assert.Equal(("log", "c"), (line.GetProperty("source").GetString(), line.GetProperty("collection").GetString())));

        async Task Insert(long id) => Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", id), default)).Succeeded);

        static string Said(JsonElement line) => line.GetProperty("op").GetString() switch
        {
            "insert" => $"insert {line.GetProperty("row").GetProperty("id")}",
            var op => line.TryGetProperty("partition", out var only) ? $"{op} {only}" : $"{op}",
        };
    }

    [Fact]
    public async Task What_is_damaged_is_named_and_the_rest_comes()
    {
        await using var world = await Stopped();
        var checkpoint = (await world.Files.ListAsync("/data/checkpoints", default))!.Single().Name;
        await Damage(world, $"/data/checkpoints/{checkpoint}", 300);
        await Damage(world, "/data/log/log.head", 10);
        await Damage(world, $"/data/log/{1:D20}.log", 20);
        var (report, lines) = await Run(world);
        Assert.Null(report.Checkpoint);
        Assert.Contains(checkpoint, Assert.Single(report.Unreadable), StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], Ids(lines, "log"));
    }

    [Theory]
    [InlineData(" values")]
    [InlineData(" offsets")]
    [InlineData("timestamps")]
    public async Task Rows_of_a_damaged_segment_file_are_left_out_and_named_and_the_rest_comes(string section)
    {
        await using var world = await NodeWorld.Start();
        foreach (var (name, id) in new[] { ("c", 1L), ("d", 2L) })
        {
            var collection = await world.Collection(name);
            Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows(name, id), default)).Succeeded);
            await BackupWorld.Sealed(world, collection);
        }

        await world.Restart();
        Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("d", 3), default)).Succeeded);
        await world.Node.DisposeAsync();
        var damaged = (await world.Files.ListAsync("/data/segments", default))!.First(entry => entry.Name.EndsWith(".cols", StringComparison.Ordinal)).Name;
        using (var file = (await DirectorySegmentStore.AsItIs(world.Files, "/data/segments").OpenAsync(damaged, default))!)
        {
            // The length of a text becomes impossible, or a value another one.
            var place = file.Sections.First(s => s.Name.EndsWith(section, StringComparison.Ordinal));
            world.Files.FlipBit($"/data/segments/{damaged}", place.Offset + Math.Min(place.Length, 8) - 1, 6);
        }

        var (report, lines) = await Run(world);
        Assert.NotNull(report.Checkpoint);
        Assert.Contains(damaged, Assert.Single(report.Unreadable), StringComparison.Ordinal);
        Assert.Equal([2], Ids(lines, "checkpoint"));
        Assert.Equal(1, report.CheckpointRows);
        Assert.Contains(3, Ids(lines, "log"));
    }

    [Fact]
    public async Task A_sink_that_refuses_ends_it_with_the_reason()
    {
        await using var world = await Stopped();
        await using var work = new PooledWork(1);
        var salvaged = await new Salvage(world.Files, work, _ => new(DiskFull.For("/rows"))).Run("/data", default);
        Assert.Equal(FailureCode.QuotaExceeded, salvaged.Failure!.Code);
    }

    /// <summary>Rows 1 and 2 in a checkpoint, row 3 and a delete of row 2 behind it.</summary>
    private static async Task<NodeWorld> Stopped()
    {
        var world = await NodeWorld.Start();
        await world.Collection("c");
        Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", 1, 2), default)).Succeeded);
        await world.Restart();
        Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", 3), default)).Succeeded);
        Assert.True((await world.Proxy.Writes.Delete(new() { Database = NodeWorld.Database, Collection = "c", Filter = "id == 2" }, default)).Succeeded);
        await world.Node.DisposeAsync();
        return world;
    }

    private static async Task<(SalvageReport Report, List<JsonElement> Lines)> Run(NodeWorld world)
    {
        await using var work = new PooledWork(1);
        var text = new StringBuilder();
        var report = (await new Salvage(world.Files, work, lines =>
        {
            text.Append(Encoding.UTF8.GetString(lines.Span));
            return new(Result.Ok);
        }).Run("/data", default)).Value;
        return (report, [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)]);
    }

    private static List<long> Ids(List<JsonElement> lines, string source) =>
        [.. lines.Where(l => l.GetProperty("source").GetString() == source && l.GetProperty("op").GetString() == "insert")
            .Select(l => l.GetProperty("row").GetProperty("id").GetInt64())];

    private static async Task Damage(NodeWorld world, string path, long at)
    {
        await using var file = (await world.Files.OpenAsync(path, FileIntent.ReadWrite, default))!;
        Assert.True((await file.WriteDurablyAsync(at, [new byte[] { 0xEE, 0xEE }], default)).Succeeded);
    }
}
