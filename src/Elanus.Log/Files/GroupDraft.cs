using System.Buffers.Binary;
using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// Decides what the next group holds: positions, timestamps, the reservations that timestamps need, fences. Pure but for the clock it is
/// given; nothing counts until the shell has written it. Reservations and fences that it adds are listed for whoever awaits the commit.
/// </summary>
internal sealed class GroupDraft(HistoryEnd end, GroupBuilder builder, HybridClock clock, int reservationMs, Func<HistoryEnd, ushort> formatBehind, ushort newestFormat)
{
    public HistoryEnd End { get; private set; } = end;

    public GroupBuilder Builder => builder;

    public List<Fence> Fences { get; } = [];

    /// <summary>The first timestamp that the draft gave out; null while it gave none.</summary>
    public Timestamp? FirstStamp { get; private set; }

    /// <summary>A record of the epoch that reigns, at the next position.</summary>
    public Appended Append(RecordKind kind, IReadOnlyList<ReadOnlyMemory<byte>> payload, int length, uint crc)
    {
        Reserve(clock.Now(), reservationMs / 2);
        return Stamp(End.Epoch, kind, payload, length, crc);
    }

    /// <summary>Sees to it that the reservation reaches at least this far beyond a timestamp.</summary>
    public void Reserve(Timestamp needed, int aheadMs)
    {
        if (Ahead(needed, aheadMs) <= End.Reservation)
        {
            return;
        }

        // The record's own timestamp and those beside it lie under what it reserves, even where the clock ran ahead of physical time.
        var bound = Ahead(Max(needed, clock.Now()), reservationMs);
        var payload = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(payload, bound.Value);
        Stamp(End.Epoch, RecordKind.Reserve, [payload], payload.Length, Crc32C.Of(payload));
    }

    public Fence Open(Epoch epoch, bool forced, ClaimNote note)
    {
        clock.Observe(Max(End.Timestamp, End.Reservation));
        var fence = new Fence(epoch, End.Position.Next, End.Epoch, End.Position.Number, forced) { Note = note };
        var payload = fence.ToPayload(formatBehind(End));
        Stamp(epoch, RecordKind.Fence, [payload], payload.Length, Crc32C.Of(payload));
        Fences.Add(fence);
        Reserve(clock.Now(), reservationMs / 2);
        return fence;
    }

    /// <summary>Takes records as another node wrote them, all or none: a failure names the first that does not follow.</summary>
    public Failure? Take(IReadOnlyList<LogRecord> records)
    {
        var tried = End;
        foreach (var record in records)
        {
            var payload = record.Payload.Span;
            var wrong = record.Header.Format > newestFormat ? $"record {record.Position.Number} has format {record.Header.Format}, this program reads up to {newestFormat}: upgrade it"
                : Crc32C.Of(payload) == record.Header.PayloadCrc ? "" : $"the payload of record {record.Position.Number} fails its checksum";
            if (wrong.Length > 0 || !tried.TryExtend(record.Header, payload, out tried, out wrong))
            {
                return Failure.Invalid($"records from elsewhere do not fit the log of {End.Position.Channel}: {wrong}");
            }
        }

        foreach (var record in records)
        {
            builder.Add(record.Header, [record.Payload]);
            if (record.Kind == RecordKind.Fence)
            {
                Fences.Add(Fence.FromPayload(record.Position, record.Payload.Span)!.Value);
            }
        }

        clock.Observe(tried.Timestamp);
        End = tried;
        return null;
    }

    private Appended Stamp(Epoch epoch, RecordKind kind, IReadOnlyList<ReadOnlyMemory<byte>> payload, int length, uint crc)
    {
        var header = new RecordHeader(epoch, End.Position.Next, clock.Next(), kind, length, crc) { Format = formatBehind(End) };
        var isOfTheLog = kind.IsOfTheLog ? payload[0].Span : default;
        End = Extended(header, isOfTheLog);
        FirstStamp ??= header.Timestamp;
        builder.Add(header, payload);
        return new(header.Position, header.Timestamp);
    }

    private HistoryEnd Extended(in RecordHeader header, ReadOnlySpan<byte> payload)
    {
        // The rules that recovery checks hold for what is written, too. Only records of the log have payloads that the rules read.
        var checkedHeader = header.Kind.IsOfTheLog ? header : header with { Length = 0 };
        Invariant.Holds(End.TryExtend(checkedHeader, payload, out var next, out var wrong), wrong);
        return next;
    }

    private static Timestamp Max(Timestamp left, Timestamp right) => left > right ? left : right;

    private static Timestamp Ahead(Timestamp from, int milliseconds) => new(from.Value + ((ulong)milliseconds << Timestamp.LogicalBits));
}
