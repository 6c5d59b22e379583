using System.Buffers;
using System.Runtime.CompilerServices;
using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// Finds every record of a channel that is still whole in files that may be damaged anywhere, without the head, the chain or its neighbours.
/// It proves of a record that it was written, not that it was committed or is still part of the history; whoever uses it decides that.
/// </summary>
public static class LogSalvage
{
    /// <summary>The records by segment file and place in it. Positions may be missing or come twice. Payloads are valid until the next step.</summary>
    public static async IAsyncEnumerable<LogRecord> ReadAsync(
        IFileSystem files, string directory, ChannelId channel, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var (path, _) in await new LogLoading(files, directory, channel).SegmentNamesAsync(cancel))
        {
            var (buffer, length) = await LogLoading.ReadWholeAsync(files, path, cancel);
            try
            {
                for (var at = 0; at < length;)
                {
                    var record = TryRead(buffer.AsMemory(at..length), channel);
                    if (record is { } whole)
                    {
                        yield return whole;
                    }

                    at += record is { } taken ? (int)RecordHeader.SpaceOf(taken.Header.Length) : RecordHeader.Alignment;
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    /// <summary>The same of one file that holds records alone, as the tails that nodes keep before a cut. It may be as large as a log: one record of it is read at a time.</summary>
    public static async IAsyncEnumerable<LogRecord> ReadFileAsync(IFileSystem files, string path, ChannelId channel, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var file = await files.OpenAsync(path, FileIntent.Read, cancel);
        var length = file is null ? 0 : await file.LengthAsync(cancel);
        var head = new byte[RecordHeader.Bytes];
        for (long at = 0; at + head.Length <= length;)
        {
            await file!.ReadAsync(at, head, cancel);
            var space = RecordHeader.Alignment;
            if (HeaderOf(head, length - at, channel) is { } header)
            {
                var payload = new byte[header.Length];
                await file.ReadAsync(at + head.Length, payload, cancel);
                if (Crc32C.Of(payload) == header.PayloadCrc)
                {
                    space = (int)RecordHeader.SpaceOf(header.Length);
                    yield return new(header, payload);
                }
            }

            at += space;
        }
    }

    private static LogRecord? TryRead(ReadOnlyMemory<byte> from, ChannelId channel)
    {
        if (HeaderOf(from.Span, from.Length, channel) is not { } header)
        {
            return null;
        }

        var payload = from.Slice(RecordHeader.Bytes, header.Length);
        return Crc32C.Of(payload.Span) == header.PayloadCrc ? new(header, payload) : null;
    }

    /// <summary>Most places are zeros or payload: the format and the channel rule them out before any checksum.</summary>
    private static RecordHeader? HeaderOf(ReadOnlySpan<byte> from, long room, ChannelId channel) =>
        RecordHeader.MayBegin(from, channel) && RecordHeader.TryRead(from, out var header, out _) && header.Length >= 0 && header.Length <= room - RecordHeader.Bytes ? header : null;
}
