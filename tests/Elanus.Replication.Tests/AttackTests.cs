namespace Elanus.Replication.Tests;

/// <summary>Schedules that broke the core once: each has a row in docs/track-record.md.</summary>
public sealed class AttackTests
{
    [Fact]
    public void A_hung_standby_leaves_and_writes_go_on_without_it()
    {
        var at = new Schedule(2).Whole(2);
        at.Frozen.Add(at.B);
        at.Acknowledge(at.A);
        at.Acknowledge(at.A);
        Assert.Equal(at.A.Member, Assert.Single(at.Record.InSync));

        at.Frozen.Clear();
        at.Until(() => at.Record.InSync.Length == 2);
        at.Acknowledge(at.A);
    }

    [Fact]
    public void A_standby_whose_disk_hangs_leaves_and_writes_go_on_without_it()
    {
        var at = new Schedule(2).Whole(2);
        at.SlowDisks.Add(at.B);
        for (var i = 0; i < 5; i++)
        {
            at.Acknowledge(at.A);
        }

        at.SlowDisks.Clear();
        at.Until(() => at.Record.InSync.Length == 2);
    }

    /// <summary>Seeds that showed a node stop for good after it had cut across a forced epoch and restarted.</summary>
    [Theory]
    [InlineData(14923)]
    [InlineData(20701)]
    [InlineData(22728)]
    public void A_cut_across_a_forced_epoch_is_remembered(int seed) => Assert.NotNull(RandomRun.Of((ulong)seed, nodes: 3).Active);

    /// <summary>
    /// Seeds with few open changes and quick repetitions that ended without a whole set: after the arbiter had lost its memory and got it back the active took
    /// every answer for a stale one.
    /// </summary>
    [Theory]
    [InlineData(30309, 3)]
    [InlineData(50153, 3)]
    [InlineData(63740, 3)]
    [InlineData(67155, 3)]
    [InlineData(68673, 3)]
    [InlineData(75211, 3)]
    [InlineData(76060, 3)]
    [InlineData(82682, 3)]
    [InlineData(11753, 4)]
    [InlineData(11580, 5)]
    public void An_impatient_seed_that_once_failed_holds(int seed, int nodes) => Assert.NotNull(RandomRun.Of((ulong)seed, nodes, impatient: 1).Active);

    [Fact]
    public void A_read_of_the_record_from_before_a_join_does_not_take_the_member_out_again()
    {
        var at = new Schedule(3).Whole(2);

        // A join is asked for; the record is read before it takes effect, and that answer comes after the join's.
        at.HoldsRequest = request => request.Node == at.A;
        at.Start(at.C);
        at.Run(20);
        at.World.Handle(at.A, new RecordHint());
        at.Pick(request => request is { Node: var node, Asked: ReadRecord, IsReply: false } && node == at.A).Do();
        at.Pick(request => request is { Asked: ChangeRecord, IsReply: false }).Do();
        at.Pick(request => request is { Asked: ChangeRecord, IsReply: true }).Do();
        Assert.Equal(3, at.Record.InSync.Length);
        at.Pick(request => request is { Node: var node, Asked: ReadRecord, IsReply: true } && node == at.A).Do();

        at.HoldsMessage = (from, to, _) => from == at.A && to == at.C;
        at.Write(at.A);
        at.Run(100);
        at.Frozen.Add(at.A);
        at.Suspect(at.C, at.A);
        at.Run(300);
        Assert.Equal(at.C.Id, at.Record.Holder);
    }
}
