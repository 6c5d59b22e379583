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

    private static LogRecord? TryRead(ReadOnlyMemory<byte> from, ChannelId channel)
    {
        // Most places are zeros or payload: the format and the channel rule them out before any checksum.
        if (!RecordHeader.MayBegin(from.Span, channel)
            || !RecordHeader.TryRead(from.Span, out var header, out _)
            || header.Length < 0
            || header.Length > from.Length - RecordHeader.Bytes)
        {
            return null;
        }

        var payload = from.Slice(RecordHeader.Bytes, header.Length);
        return Crc32C.Of(payload.Span) == header.PayloadCrc ? new(header, payload) : null;
    }
}
