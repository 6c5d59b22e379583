using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// Lays records out as one group, as pieces for one vectored write. Headers and small payloads are copied together; large payloads are
/// written from where they are. Pure; reused for one group after another.
/// </summary>
internal sealed class GroupBuilder
{
    /// <summary>Payload pieces up to this size are copied: one more piece for the kernel costs about as much.</summary>
    private const int CopyBytesMax = 4096;

    private const int ChunkBytes = 64 * 1024;

    private readonly List<byte[]> chunks = [];
    private readonly List<ReadOnlyMemory<byte>> pieces = [];
    private int chunk;
    private int used;
    private int runStart;
    private ulong first;

    /// <summary>The group as it was last finished; valid until <see cref="Clear"/>.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Pieces => pieces;

    /// <summary>Records added since <see cref="Clear"/>.</summary>
    public uint Count { get; private set; }

    /// <summary>Bytes behind the group's header.</summary>
    public long BodyBytes { get; private set; }

    /// <summary>Bytes of the whole group in the file, gap included.</summary>
    public long SpaceBytes => GroupHeader.Aligned(GroupHeader.Bytes + BodyBytes);

    public void Clear()
    {
        pieces.Clear();
        chunk = 0;
        runStart = 0;
        used = 0;
        Count = 0;
        BodyBytes = 0;
        // A burst's chunks are not kept for good.
        if (chunks.Count > 64)
        {
            chunks.RemoveRange(64, chunks.Count - 64);
        }

        Take(GroupHeader.Bytes);
    }

    public void Add(in RecordHeader header, IReadOnlyList<ReadOnlyMemory<byte>> payload)
    {
        if (Count++ == 0)
        {
            first = header.Position.Number;
        }

        header.Write(Take(RecordHeader.Bytes));
        for (var i = 0; i < payload.Count; i++)
        {
            if (payload[i].Length <= CopyBytesMax)
            {
                payload[i].Span.CopyTo(Take(payload[i].Length));
            }
            else
            {
                EndRun();
                pieces.Add(payload[i]);
            }
        }

        var space = RecordHeader.SpaceOf(header.Length);
        Take((int)(space - RecordHeader.Bytes - header.Length)).Clear();
        BodyBytes += space;
    }

    /// <summary>The group for its place in a segment that is durable up to another; the pieces are valid until <see cref="Clear"/>.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Finish(in SegmentHeader segment, long offset, long durable)
    {
        Take((int)(SpaceBytes - GroupHeader.Bytes - BodyBytes)).Clear();
        EndRun();
        new GroupHeader(segment.LogId, segment.First, offset, first, Count, BodyBytes) { Format = segment.Format, Durable = durable }.Write(chunks[0]);
        return pieces;
    }

    private Span<byte> Take(int bytes)
    {
        if (chunk < chunks.Count && used + bytes > ChunkBytes)
        {
            EndRun();
            chunk++;
            runStart = 0;
            used = 0;
        }

        if (chunk == chunks.Count)
        {
            chunks.Add(new byte[ChunkBytes]);
        }

        used += bytes;
        return chunks[chunk].AsSpan(used - bytes, bytes);
    }

    private void EndRun()
    {
        if (used > runStart)
        {
            pieces.Add(chunks[chunk].AsMemory(runStart, used - runStart));
            runStart = used;
        }
    }
}
