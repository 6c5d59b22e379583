using System.Buffers.Binary;
using System.Collections.Immutable;
using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>
/// The outcomes of the last calls with an id, from the channel's committed writes and nothing else: the same on every node at one position. One applier;
/// any thread asks.
/// </summary>
public sealed class RequestTable : IRecordConsumer, ICheckpointed
{
    /// <summary>Calls that are remembered; an older one is forgotten for each new one.</summary>
    public const int OutcomesMax = 100_000;

    private const string Section = "requests";
    private const uint Format = 1;
    private const int HeaderBytes = 8;
    private const int EntryBytes = 64;

    private readonly Lock gate = new();
    private readonly Dictionary<RequestId, RequestOutcome> outcomes = [];
    private readonly Queue<RequestOutcome> order = new();
    private readonly int most;

    /// <param name="most">Calls that are remembered; the same on every node.</param>
    public RequestTable(int most = OutcomesMax) => this.most = most;

    public RequestOutcome? Find(RequestId id)
    {
        lock (gate)
        {
            return outcomes.TryGetValue(id, out var outcome) ? outcome : null;
        }
    }

    public void Apply(in LogRecord record)
    {
        if (record.Kind.Value == DataRecordKinds.Write && DataRecordCodec.RequestOf(record.Payload) is { } mark)
        {
            Remember(new(mark, record.Position, record.Timestamp));
        }
    }

    public ICapturedState Capture()
    {
        var captured = Remembered();
        return new CapturedBytes(Section, () => Write(captured));
    }

    public Task Restore(Checkpoint from, CancellationToken cancel)
    {
        // Checkpoints of earlier versions have no such section: nothing was remembered then.
        if (from.Has(Section))
        {
            Read(from.Bytes(Section).Span, from.Name.Position.Channel);
        }

        return Task.CompletedTask;
    }

    /// <summary>All that is remembered, as in a checkpoint.</summary>
    internal byte[] Write() => Write(Remembered());

    internal static byte[] Write(ImmutableArray<RequestOutcome> outcomes)
    {
        var bytes = new byte[HeaderBytes + (outcomes.Length * EntryBytes)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Format);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), (uint)outcomes.Length);
        var entry = bytes.AsSpan(HeaderBytes);
        foreach (var (mark, position, timestamp) in outcomes)
        {
            ReadOnlySpan<ulong> words =
            [
                position.Number, timestamp.Value, mark.Id.High, mark.Id.Low, mark.Content, (ulong)mark.FirstKey, (ulong)mark.Inserted, (ulong)mark.Deleted,
            ];
            foreach (var word in words)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(entry, word);
                entry = entry[sizeof(ulong)..];
            }
        }

        return bytes;
    }

    internal void Read(ReadOnlySpan<byte> bytes, ChannelId channel)
    {
        var whole = bytes.Length >= HeaderBytes
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Format
            && bytes.Length == HeaderBytes + (BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) * (long)EntryBytes);
        if (!whole)
        {
            throw new InvalidDataException($"the requests of a checkpoint cannot be read: {bytes.Length} bytes are not a list of them in format {Format}");
        }

        for (var entry = bytes[HeaderBytes..]; entry.Length > 0; entry = entry[EntryBytes..])
        {
            var mark = new RequestMark(new(Word(entry, 2), Word(entry, 3)), Word(entry, 4), (long)Word(entry, 5), (long)Word(entry, 6), (long)Word(entry, 7));
            Remember(new(mark, new(channel, Word(entry, 0)), new(Word(entry, 1))));
        }
    }

    private static ulong Word(ReadOnlySpan<byte> entry, int index) => BinaryPrimitives.ReadUInt64LittleEndian(entry[(index * sizeof(ulong))..]);

    private ImmutableArray<RequestOutcome> Remembered()
    {
        lock (gate)
        {
            return [.. order];
        }
    }

    private void Remember(in RequestOutcome outcome)
    {
        lock (gate)
        {
            outcomes[outcome.Mark.Id] = outcome;
            order.Enqueue(outcome);
            if (order.Count > most && order.Dequeue() is var oldest && outcomes.GetValueOrDefault(oldest.Mark.Id).Position == oldest.Position)
            {
                outcomes.Remove(oldest.Mark.Id);
            }
        }
    }
}
