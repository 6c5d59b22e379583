using System.Text;
using Elanus.Primitives;
using static Elanus.Log.Tests.LogWorld;

namespace Elanus.Log.Tests;

public sealed class RealDiskTests : IDisposable
{
    private readonly string root = System.IO.Directory.CreateTempSubdirectory("elanus-log-").FullName;

    public void Dispose() => System.IO.Directory.Delete(root, true);

    [Fact]
    public async Task A_log_on_a_real_disk_keeps_what_was_appended()
    {
        var rows = Enumerable.Range(0, 200).Select(i => $"row {i} " + new string('x', 50 * i)).ToList();
        await using (var log = await OpenAsync(1))
        {
            Assert.All(await Task.WhenAll(rows.Chunk(20).Select(async some =>
            {
                foreach (var row in some)
                {
                    await AppendAsync(log, row);
                }

                return some.Length;
            })), length => Assert.Equal(20, length));
            Assert.Equal(rows.Order(), (await RowsAsync(log)).Order());
        }

        await using var again = await OpenAsync(2);
        Assert.Null(again.Found.TornTail);
        Assert.Equal(rows.Order(), (await RowsAsync(again)).Order());
        await using var reader = again.Read(again.Committed.Next).Value;
        var next = reader.NextAsync(CancellationToken.None);
        await AppendAsync(again, "tail");
        Assert.Equal("tail", Encoding.UTF8.GetString((await next).Value[0].Payload.Span));
    }

    private async Task<FileLog> OpenAsync(ulong epoch)
    {
        var time = TimeProvider.System;
        var log = (await FileLog.StartAsync(
            new RealFileSystem(), $"{root}/log", Channel, new() { SegmentBytes = 256 * 1024 }, new HybridClock(time), time, new SystemRandom(),
            watcher: null, CancellationToken.None)).Value;
        Assert.True((await log.OpenAsync(Epoch(epoch), false, CancellationToken.None)).Succeeded);
        return log;
    }
}
