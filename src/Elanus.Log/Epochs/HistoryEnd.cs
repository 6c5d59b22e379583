using System.Buffers.Binary;
using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// All that the next record of a channel must agree with: where the history ends, in which epoch, at which timestamp, and the reservation
/// that stands. A value: extending it gives another one, so a batch is tried as a whole and taken or left.
/// </summary>
public readonly record struct HistoryEnd(LogPosition Position, Epoch Epoch, Timestamp Timestamp, Timestamp Reservation)
{
    /// <summary>Of the last record; 0 where there is none, or where it is not known: then nothing of the history is at hand but its end.</summary>
    public ushort Format { get; init; }

    public static HistoryEnd Empty(ChannelId channel) => new(LogPosition.Start(channel), Epoch.None, Timestamp.Zero, Timestamp.Zero);

    /// <summary>
    /// The end after one more record, or the rule that it breaks: positions without gaps, rising timestamps, an epoch that changes only by
    /// a fence that names this very end, timestamps within the reservation.
    /// </summary>
    public bool TryExtend(in RecordHeader header, ReadOnlySpan<byte> payload, out HistoryEnd next, out string wrong)
    {
        next = this;
        if (header.Position.Channel != Position.Channel)
        {
            wrong = $"a record of {header.Position.Channel} stands in {Position.Channel}";
            return false;
        }

        if (header.Position.Number != Position.Number + 1)
        {
            wrong = $"record {header.Position.Number} follows record {Position.Number}";
            return false;
        }

        if (header.Timestamp <= Timestamp)
        {
            wrong = $"record {header.Position.Number} has timestamp {header.Timestamp}, not above {Timestamp} before it";
            return false;
        }

        if (header.Length != payload.Length)
        {
            wrong = $"record {header.Position.Number} says {header.Length} bytes and has {payload.Length}";
            return false;
        }

        if (header.Kind == RecordKind.Fence)
        {
            return TryFence(header, payload, out next, out wrong);
        }

        if (header.Epoch != Epoch)
        {
            wrong = $"record {header.Position.Number} is of {header.Epoch} without a fence behind {Epoch}";
            return false;
        }

        var reservation = Reservation;
        if (header.Kind == RecordKind.Reserve)
        {
            reservation = payload.Length == sizeof(ulong) ? new(BinaryPrimitives.ReadUInt64LittleEndian(payload)) : Timestamp.Zero;
            if (reservation < Reservation)
            {
                wrong = $"record {header.Position.Number} takes back a reservation";
                return false;
            }
        }

        if (header.Timestamp > reservation)
        {
            wrong = $"record {header.Position.Number} has timestamp {header.Timestamp}, above the reservation {reservation}";
            return false;
        }

        next = this with { Position = header.Position, Timestamp = header.Timestamp, Reservation = reservation, Format = header.Format };
        wrong = "";
        return true;
    }

    private bool TryFence(in RecordHeader header, ReadOnlySpan<byte> payload, out HistoryEnd next, out string wrong)
    {
        next = this;
        if (Fence.FromPayload(header.Position, payload) is not { } fence
            || fence.Epoch != header.Epoch
            || fence.Epoch.Number <= Epoch.Number
            || fence.Predecessor != Epoch
            || fence.PredecessorEnd != Position.Number)
        {
            wrong = $"record {header.Position.Number} is a fence of {header.Epoch} that does not follow {Epoch} at {Position.Number}";
            return false;
        }

        next = this with { Position = header.Position, Epoch = header.Epoch, Timestamp = header.Timestamp, Format = header.Format };
        wrong = "";
        return true;
    }
}
