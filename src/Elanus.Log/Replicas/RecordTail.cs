using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// The newest groups in memory, so that members that keep up are sent records without reading files. Bounded in bytes; a group that is not durable yet always
/// stays, since no file is read for it. Any thread.
/// </summary>
internal sealed class RecordTail(long bytesMax)
{
    private readonly Lock gate = new();
    private readonly LinkedList<RecordBatch> groups = new();
    private long held;

    /// <summary>Takes a group as it was written behind what is <paramref name="durable"/>: the pieces from the first record on, header of the group and closing gap left out.</summary>
    public void Add(LogPosition first, LogPosition last, IReadOnlyList<ReadOnlyMemory<byte>> group, long skip, long bodyBytes, LogPosition durable)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(checked((int)bodyBytes));
        var at = 0;
        foreach (var piece in group)
        {
            var from = (int)Math.Min(skip, piece.Length);
            skip -= from;
            var length = Math.Min(piece.Length - from, bytes.Length - at);
            piece.Slice(from, length).CopyTo(bytes.AsMemory(at));
            at += length;
        }

        Invariant.Holds(at == bytes.Length, $"a group of {bytes.Length} bytes held only {at}");
        lock (gate)
        {
            Invariant.Holds(groups.Last is not { } newest || newest.Value.Last.Next == first, $"the tail goes on at {first} after {groups.Last?.Value.Last}");
            groups.AddLast(new RecordBatch(first, last, bytes));
            held += bytes.Length;
            while (held > bytesMax && groups.First!.Value.Last <= durable)
            {
                held -= groups.First.Value.Bytes.Length;
                groups.RemoveFirst();
            }
        }
    }

    /// <summary>The records from a position to the end of its group; null where they are held no longer, or not yet.</summary>
    public RecordBatch? From(LogPosition position)
    {
        RecordBatch group;
        lock (gate)
        {
            var node = groups.Last;
            while (node is not null && node.Value.First > position)
            {
                node = node.Previous;
            }

            if (node is null || node.Value.Last < position)
            {
                return null;
            }

            group = node.Value;
        }

        var at = 0;
        for (var number = group.First.Number; number < position.Number; number++)
        {
            Invariant.Holds(RecordHeader.TryRead(group.Bytes.Span[at..], out var header, out var wrong), wrong);
            at += (int)RecordHeader.SpaceOf(header.Length);
        }

        return new(position, group.Last, group.Bytes[at..]);
    }

    /// <summary>Forgets everything: the log was cut.</summary>
    public void Clear()
    {
        lock (gate)
        {
            groups.Clear();
            held = 0;
        }
    }
}
