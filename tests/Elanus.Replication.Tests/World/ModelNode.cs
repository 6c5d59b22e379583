using System.Buffers.Binary;

namespace Elanus.Replication.Tests;

/// <summary>One node: its disk, and, while its process lives, the core and what the process knows.</summary>
internal sealed class ModelNode(int index)
{
    public static readonly ChannelId Channel = new(1);

    public static readonly RecordKind Row = new(16);

    public int Index { get; } = index;

    /// <summary>Another one when the disk was wiped.</summary>
    public NodeId Id { get; set; } = new((ulong)index + 1);

    public Member Member => new(Id, $"node-{Id.Value}");

    /// <summary>What the file holds; the first <see cref="Durable"/> survive a crash of the host for certain.</summary>
    public List<LogRecord> Log { get; } = [];

    /// <summary>Positions that no sync has covered.</summary>
    public SortedSet<int> Unsynced { get; } = [];

    public int Durable => Unsynced.Count == 0 ? Log.Count : Unsynced.Min - 1;

    public EpochPromise Promise { get; set; }

    /// <summary>Null while no process runs.</summary>
    public ReplicaCore? Core { get; set; }

    /// <summary>Grows with every process, so that what an old one asked for never reaches a new one.</summary>
    public int Life { get; set; }

    public bool IsActive { get; set; }

    public bool IsPaused { get; set; }

    public bool WritesPaused { get; set; }

    /// <summary>Whether the set suffices for writes, as the active last said.</summary>
    public bool AcceptsWrites { get; set; }

    /// <summary>It answers Bounded reads by itself: nobody else can claim but by force, it said.</summary>
    public bool StandsAlone { get; set; }

    public bool HasStopped { get; set; }

    /// <summary>An operator was told to empty its disk.</summary>
    public bool IsToBeEmptied { get; set; }

    /// <summary>Records are being kept: the front stays where it is.</summary>
    public bool IsSalvaging { get; set; }

    /// <summary>Behind this position all that the log held was kept by this process; null where nothing was.</summary>
    public ulong? KeptBehind { get; set; }

    /// <summary>They were, and are about to be cut, or replaced.</summary>
    public bool IsCutting { get; set; }

    public string Sentence { get; set; } = "";

    public Epoch Epoch { get; set; }

    /// <summary>How far this process has shown the log.</summary>
    public ulong Applied { get; set; }

    /// <summary>Its state says that it stays here, whatever is committed; null where it keeps up.</summary>
    public ulong? HangsAt { get; set; }

    /// <summary>Batches of another node's records that the disk had no room for, and whose refusal the core has not heard.</summary>
    public int Refusals { get; set; }

    public bool IsFull { get; set; }

    /// <summary>What a checkpoint on the disk holds, all of it shown before.</summary>
    public ulong Checkpoint { get; set; }

    /// <summary>
    /// Where its log begins. What lay before stays in <see cref="Log"/>, for the checks: it is what the checkpoint holds. Nobody can be sent it.
    /// </summary>
    public ulong Front { get; set; } = 1;

    /// <summary>What the process wants to copy, and from whom.</summary>
    public NeedsCopy? Wanted { get; set; }

    /// <summary>What it has fetched: another node's log, its front and its checkpoint.</summary>
    public (List<LogRecord> Log, ulong Front, ulong Checkpoint)? Staged { get; set; }

    public Dictionary<NodeId, ulong> Feeds { get; } = [];

    /// <summary>Operations on the log and beside it, done in order.</summary>
    public Queue<Action> Disk { get; } = new();

    /// <summary>What is done at any time between operations on the log, in order: promises that are kept, and word of a front that moved.</summary>
    public Queue<Action> Beside { get; } = new();

    /// <summary>Does the next operation on the disk; where there is one of either kind, <paramref name="besideFirst"/> chooses. False where there is nothing to do.</summary>
    public bool Operate(Func<bool> besideFirst)
    {
        var queue = Disk.Count == 0 || (Beside.Count > 0 && besideFirst()) ? Beside : Disk;
        if (!queue.TryDequeue(out var done))
        {
            return false;
        }

        done();
        return true;
    }

    public EpochChain Chain()
    {
        var chain = EpochChain.Empty;
        foreach (var record in Log.Where(record => record.Kind == RecordKind.Fence))
        {
            chain = chain.With(Fence.FromPayload(record.Position, record.Payload.Span)!.Value);
        }

        return chain.From(Front);
    }

    /// <summary>The copy takes the place of the log and the state, in one step.</summary>
    public void Install(EpochPromise kept)
    {
        var (log, front, checkpoint) = Staged!.Value;
        Log.Clear();
        Log.AddRange(log);
        Unsynced.Clear();
        (Front, Checkpoint, Promise, Staged) = (front, checkpoint, kept, null);
    }

    public LogRecord Append(Epoch epoch, RecordKind kind, byte[] payload)
    {
        var record = new LogRecord(new(epoch, new(Channel, (ulong)Log.Count + 1), default, kind, payload.Length, 0), payload);
        Take(record);
        return record;
    }

    public void Take(in LogRecord record)
    {
        Log.Add(record);
        Unsynced.Add(Log.Count);
    }

    public void Sync(int from, int to) => Unsynced.RemoveWhere(position => position >= from && position <= to);

    public void CutTo(int length)
    {
        Log.RemoveRange(length, Log.Count - length);
        Unsynced.RemoveWhere(position => position > length);
    }

    public bool Holds(ulong number, in LogRecord record) => number <= (ulong)Log.Count && Same(Log[(int)number - 1], record);

    public static byte[] Value(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }

    public static bool Same(in LogRecord left, in LogRecord right) =>
        left.Epoch == right.Epoch && left.Kind == right.Kind && left.Payload.Span.SequenceEqual(right.Payload.Span);
}
