using System.Buffers.Binary;
using Elanus.Primitives;

namespace Elanus.Log.Tests;

public sealed class HistoryEndTests
{
    private static readonly Epoch First = new(3, new(1, 2));
    private static readonly ChannelId Channel = new(1);
    private static readonly HistoryEnd End = new(new(Channel, 7), First, new(100), new(500));
    private static readonly RecordHeader Next = new(First, new(Channel, 8), new(101), new(20), 0, 0);

    [Fact]
    public void The_next_record_extends_the_history()
    {
        Assert.True(End.TryExtend(Next, [], out var next, out _));
        Assert.Equal(new(new(Channel, 8), First, new(101), new(500)) { Format = RecordHeader.CurrentFormat }, next);
    }

    [Fact]
    public void Each_rule_is_kept()
    {
        Refused(Next with { Position = new(Channel, 9) }, [], "record 9 follows record 7");
        Refused(Next with { Position = new(Channel, 7) }, [], "record 7 follows record 7");
        Refused(Next with { Position = new(new(2), 8) }, [], "channel-2");
        Refused(Next with { Timestamp = new(100) }, [], "not above");
        Refused(Next with { Timestamp = new(501) }, [], "above the reservation");
        Refused(Next with { Epoch = new(4, new(1, 2)) }, [], "without a fence");
        Refused(Next with { Epoch = new(3, new(1, 3)) }, [], "without a fence");
        Refused(Next with { Length = 5 }, [], "5 bytes");
        Refused(Next with { Kind = RecordKind.Reserve, Length = 8 }, Reservation(499), "takes back");
        Refused(Next with { Kind = RecordKind.Reserve, Length = 3 }, [1, 2, 3], "takes back");
    }

    [Fact]
    public void A_reservation_moves_the_bound_for_itself_and_what_follows()
    {
        var reserve = Next with { Kind = RecordKind.Reserve, Length = 8, Timestamp = new(600) };
        Assert.True(End.TryExtend(reserve, Reservation(600), out var next, out _));
        Assert.Equal(new Timestamp(600), next.Reservation);
        Refused(reserve, Reservation(599), "above the reservation");
    }

    [Fact]
    public void A_fence_must_name_what_it_follows()
    {
        var higher = new Epoch(5, new(9, 9));
        Fenced(new(higher, new(Channel, 8), First, 7, false), true);
        Fenced(new(higher, new(Channel, 8), First, 6, false), false);
        Fenced(new(higher, new(Channel, 8), First with { Claim = new(0, 2) }, 7, false), false);
        Fenced(new(First with { Claim = new(9, 9) }, new(Channel, 8), First, 7, false), false);
        Refused(Next with { Kind = RecordKind.Fence, Epoch = higher, Length = 3 }, [1, 2, 3], "fence");
    }

    private static byte[] Reservation(ulong bound)
    {
        var payload = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(payload, bound);
        return payload;
    }

    private static void Fenced(Fence fence, bool follows)
    {
        // A fence's timestamp lies above the reservation of the epoch before.
        var header = Next with { Kind = RecordKind.Fence, Epoch = fence.Epoch, Length = Fence.PayloadBytes, Timestamp = new(501) };
        Assert.Equal(follows, End.TryExtend(header, fence.ToPayload(), out var next, out _));
        Assert.Equal(follows ? fence.Epoch : First, next.Epoch);
    }

    private static void Refused(RecordHeader header, byte[] payload, string why)
    {
        Assert.False(End.TryExtend(header, payload, out var next, out var wrong));
        Assert.Contains(why, wrong, StringComparison.Ordinal);
        Assert.Equal(End, next);
    }
}
