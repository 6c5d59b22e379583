using System.Collections.Immutable;
using Elanus.Engine;
using Elanus.Log;
using Elanus.Primitives;

namespace Elanus.Roles.Tests.Requests;

public sealed class RequestTableTests
{
    private static readonly ChannelId Channel = new(1);

    [Fact]
    public void The_last_calls_are_remembered_and_the_oldest_forgotten()
    {
        var table = new RequestTable(most: 3);
        for (ulong number = 1; number <= 5; number++)
        {
            Apply(table, number, id: number);
        }

        Assert.Equal([false, false, true, true, true], Enumerable.Range(1, 5).Select(id => table.Find(new(0, (ulong)id)) is not null));
        Assert.Equal(new RequestOutcome(Mark(4), new(Channel, 4), new(400)), table.Find(new(0, 4)));
    }

    [Fact]
    public void An_id_that_comes_again_after_it_was_forgotten_is_remembered_from_then_on()
    {
        var table = new RequestTable(most: 2);
        ulong[] ids = [1, 2, 3, 1, 4];
        for (ulong number = 1; number <= 5; number++)
        {
            Apply(table, number, ids[number - 1]);
        }

        Assert.Equal(4UL, table.Find(new(0, 1))!.Value.Position.Number);
        Assert.Null(table.Find(new(0, 3)));
    }

    [Fact]
    public void Writes_without_an_id_leave_no_trace()
    {
        var table = new RequestTable(most: 1);
        Apply(table, 1, id: 1);
        Apply(table, 2, id: null);
        Assert.NotNull(table.Find(new(0, 1)));
    }

    [Fact]
    public void What_is_written_into_a_checkpoint_is_read_back_and_damage_is_told()
    {
        ImmutableArray<RequestOutcome> outcomes = [new(Mark(1), new(Channel, 7), new(700)), new(Mark(2) with { FirstKey = 99, Deleted = 3 }, new(Channel, 8), new(800))];
        var bytes = RequestTable.Write(outcomes);
        var table = new RequestTable();
        table.Read(bytes, Channel);
        Assert.Equal(outcomes[0], table.Find(new(0, 1)));
        Assert.Equal(outcomes[1], table.Find(new(0, 2)));
        Assert.Throws<InvalidDataException>(() => new RequestTable().Read(bytes.AsSpan(0, bytes.Length - 1), Channel));
        Assert.Throws<InvalidDataException>(() => new RequestTable().Read([], Channel));
    }

    private static RequestMark Mark(ulong id) => new(new(0, id), Content: id * 10, FirstKey: 0, Inserted: 1, Deleted: 0);

    private static void Apply(RequestTable table, ulong number, ulong? id)
    {
        var encoded = DataRecordCodec.Encode(new Write(new(5), 1, null, []) { Request = id is { } named ? Mark(named) : null });
        table.Apply(new(new() { Position = new(Channel, number), Timestamp = new(number * 100), Kind = new(encoded.Kind) }, encoded.ToArray()));
    }
}
