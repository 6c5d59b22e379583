using System.Text;
using Elanus.Primitives;

namespace Elanus.Log.Tests;

/// <summary>A log in memory, small files, and what tests do with it.</summary>
internal sealed class LogWorld
{
    public const string Directory = "/log";

    public static readonly RecordKind Row = new(RecordKind.FirstFree);

    public static readonly ChannelId Channel = new(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public MemoryFileSystem Files { get; init; } = new();

    /// <summary>What the log sees; the files themselves unless a test stands between.</summary>
    public IFileSystem? Seen { get; init; }

    public FileLogOptions Options { get; init; } = new() { SegmentBytes = 16 * 1024, MarkAfterIdleMs = 0 };

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILogWatcher? Watcher { get; init; }

    public IRandomSource Random { get; init; } = new SeededRandom(1);

    public static string SegmentPath(ulong first) => $"{Directory}/{Segment.NameOf(first)}";

    public static Epoch Epoch(ulong number) => new(number, new(number * 7, number * 11));

    public LogWorld With(MemoryFileSystem files) => new() { Files = files, Options = Options, Time = Time, Random = Random, Watcher = Watcher };

    public async Task<FileLog> StartAsync() => (await TryStartAsync()).Value;

    public async Task<Result<FileLog>> TryStartAsync() => await FileLog.StartAsync(
        Seen ?? Files, Directory, Channel, Options, new HybridClock(Time), Time, Random, Watcher, CancellationToken.None);

    /// <summary>Starts, and opens the epoch behind the last one.</summary>
    public async Task<FileLog> OpenAsync()
    {
        var log = await StartAsync();
        var opened = await log.OpenAsync(Epoch(log.Chain.Last.Number + 1), false, CancellationToken.None);
        Assert.True(opened.Succeeded, opened.Failure?.ToString());
        return log;
    }

    public async Task<LogInspection> InspectAsync() => await FileLog.InspectAsync(Seen ?? Files, Directory, Channel, CancellationToken.None);

    public static async Task<Result<Appended>> TryAppendAsync(ILog log, params byte[][] payload) =>
        await log.AppendAsync(Row, [.. payload.Select(piece => new ReadOnlyMemory<byte>(piece))], Patience, CancellationToken.None);

    public static async Task<Appended> AppendAsync(ILog log, string text) => (await TryAppendAsync(log, Encoding.UTF8.GetBytes(text))).Value;

    /// <summary>The texts of all rows from a position to the commit position.</summary>
    public static async Task<List<string>> RowsAsync(ILog log, ulong from = 1) =>
        [.. (await RecordsAsync(log, from)).Where(record => record.Kind == Row).Select(record => Encoding.UTF8.GetString(record.Payload.Span))];

    public static async Task<List<LogRecord>> RecordsAsync(ILog log, ulong from = 1)
    {
        var records = new List<LogRecord>();
        await using var reader = log.Read(new(log.Channel, from)).Value;
        for (var end = log.Committed; reader.Next <= end;)
        {
            foreach (var record in (await reader.NextAsync(CancellationToken.None)).Value)
            {
                records.Add(record with { Payload = record.Payload.ToArray() });
            }
        }

        return records;
    }
}
