using System.Buffers;
using System.Runtime.CompilerServices;
using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>Reads the history that a log's files hold, without opening the log and without changing anything; for inspection and restoring.</summary>
public static class LogHistory
{
    /// <summary>The records from a position on, in order, up to the end that a start would find. Payloads are valid until the next step.</summary>
    /// <exception cref="LogDamagedException">The files are damaged.</exception>
    public static async IAsyncEnumerable<LogRecord> ReadAsync(
        IFileSystem files, string directory, ChannelId channel, LogPosition from, [EnumeratorCancellation] CancellationToken cancel)
    {
        var loading = new LogLoading(files, directory, channel);
        await loading.RunAsync(cancel);
        if (loading.Damage.Count > 0)
        {
            throw new LogDamagedException(loading.Damage[0]);
        }

        for (var i = 0; i < loading.Segments.Count; i++)
        {
            var segment = loading.Segments[i];
            var last = i + 1 < loading.Segments.Count ? loading.Segments[i + 1].First - 1 : loading.End.Position.Number;
            if (last < from.Number)
            {
                continue;
            }

            var (buffer, length) = await LogLoading.ReadWholeAsync(files, segment.Path, cancel);
            try
            {
                var groups = SegmentScan.Of(buffer.AsSpan(0, length), segment.Header, last).Groups;
                foreach (var record in groups.SelectMany(group => Records(buffer.AsMemory(0, length), group.Offset)))
                {
                    if (record.Position >= from && record.Position.Number <= last)
                    {
                        yield return record;
                    }
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    /// <summary>The records of a group that was found whole.</summary>
    private static IEnumerable<LogRecord> Records(ReadOnlyMemory<byte> file, long offset)
    {
        var group = GroupHeader.Read(file.Span[(int)offset..])!.Value;
        var at = (int)offset + GroupHeader.Bytes;
        for (var i = 0u; i < group.Count && RecordHeader.TryRead(file.Span[at..], out var header, out _); i++)
        {
            yield return new(header, file.Slice(at + RecordHeader.Bytes, header.Length));
            at += (int)RecordHeader.SpaceOf(header.Length);
        }
    }
}
