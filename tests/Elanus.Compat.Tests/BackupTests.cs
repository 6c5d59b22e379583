using System.Collections.Concurrent;
using System.Globalization;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Schema;
using Elanus.Rpc.Client;

namespace Elanus.Compat.Tests;

/// <summary>A backup of a running server under load, restored as of a moment in the middle of it.</summary>
public sealed class BackupTests
{
    private const int Writers = 3;
    private const int RowsPerInsert = 400;

    private static readonly Dictionary<string, string> Settings = new() { ["ELANUS_CHECKPOINT_LOGSIZE"] = "1048576", ["ELANUS_LOG_FILESIZE"] = "1048576" };

    [Fact]
    public async Task A_restore_until_a_moment_has_exactly_the_rows_answered_up_to_it()
    {
        await using var server = await ServerProcess.Start(Settings);
        using var channel = Survivors.Open(server);
        await Survivors.Create(channel);
        var answered = new ConcurrentBag<(ulong Time, long[] Ids)>();
        long next = 0;
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, Writers).Select(_ => Write(channel, () => Interlocked.Add(ref next, RowsPerInsert), answered, stop.Token)).ToArray();
        var checkpoints = Path.Combine(server.Folder, "data", "checkpoints");
        await Reach(() => Directory.GetFiles(checkpoints, "*.checkpoint").Length > 0, writers);
        var folder = Directory.CreateTempSubdirectory("elanus-restore-").FullName;
        var backup = Path.Combine(folder, "backup");
        var before = answered.Count;
        var run = await CommandRun.Of("backup", "--address", server.Address, backup);
        Assert.True(run.Code == 0, run.All);
        await Reach(() => answered.Count > before + 50, writers);
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        // A moment between the checkpoint and the end: the times of the range stand in the message that names it.
        run = await CommandRun.Of("restore", backup, Path.Combine(folder, "missed"), "--until", "1");
        Assert.Equal(1, run.Code);
        var range = System.Text.RegularExpressions.Regex.Matches(run.All, @"timestamp (\d{10,})").Select(m => ulong.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();
        var end = range.Max();
        var from = range.Min();
        Assert.True(from < end, run.All);
        var inside = answered.Where(a => a.Time >= from && a.Time <= end).Select(a => a.Time).Order().ToList();
        Assert.True(inside.Count > 1, run.All);
        var until = inside[inside.Count / 2];
        run = await CommandRun.Of("restore", backup, Path.Combine(folder, "data"), "--until", until.ToString(CultureInfo.InvariantCulture));
        Assert.True(run.Code == 0, run.All);
        await using var restored = await ServerProcess.Start(Settings, folder);
        using var other = Survivors.Open(restored);
        Assert.Equal(answered.Where(a => a.Time <= until).SelectMany(a => a.Ids).Order(), (await Survivors.Ids(other)).Order());
    }

    [Fact]
    public async Task Verify_names_damage_and_refuses_a_directory_in_use()
    {
        await using var server = await ServerProcess.Start(Settings);
        using (var channel = Survivors.Open(server))
        {
            await Survivors.Create(channel);
        }

        var data = Path.Combine(server.Folder, "data");
        var run = await CommandRun.Of("verify", data);
        Assert.Equal(1, run.Code);
        Assert.Contains("in use", run.All, StringComparison.Ordinal);
        Assert.Equal(0, await server.Stop());
        run = await CommandRun.Of("verify", data);
        Assert.True(run.Code == 0, run.All);
        Assert.Matches(@"hash [0-9a-f]{16}", run.All);
        var checkpoint = Directory.GetFiles(Path.Combine(data, "checkpoints")).Single();
        await using (var file = File.OpenWrite(checkpoint))
        {
            file.Position = file.Length / 2;
            file.WriteByte(0xEE);
        }

        run = await CommandRun.Of("verify", data);
        Assert.Equal(1, run.Code);
        Assert.Contains($"DAMAGED: {checkpoint} is damaged at offset", run.All, StringComparison.Ordinal);
    }

    private static async Task Reach(Func<bool> reached, Task[] writers)
    {
        while (!reached())
        {
            await Task.Delay(5);
            Assert.All(writers, w => Assert.False(w.IsCompleted, $"{w.Exception}"));
        }
    }

    private static async Task Write(RpcChannel channel, Func<long> take, ConcurrentBag<(ulong Time, long[] Ids)> answered, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var last = take();
            var ids = Enumerable.Range(0, RowsPerInsert).Select(i => last - i).ToArray();
            var insert = new InsertRequest { CollectionName = Survivors.Collection, NumRows = RowsPerInsert };
            insert.FieldsData.Add(new FieldData { FieldName = "id", Type = DataType.Int64, Scalars = new() { LongData = new() { Data = { ids } } } });
            insert.FieldsData.Add(new FieldData
            {
                FieldName = "v",
                Type = DataType.FloatVector,
                Vectors = new() { Dim = 2, FloatVector = new() { Data = { ids.SelectMany(id => new[] { (float)id, 0 }) } } },
            });
            var answer = await Survivors.Call<InsertRequest, MutationResult>(channel, "Insert", insert);
            Assert.Equal(0, answer!.Status.Code);
            answered.Add((answer.Timestamp, ids));
        }
    }
}
