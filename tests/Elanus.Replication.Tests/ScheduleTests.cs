namespace Elanus.Replication.Tests;

/// <summary>Races and losses by name, with all rules on: what must come out of each, besides no violation.</summary>
public sealed class ScheduleTests
{
    [Fact]
    public void A_join_and_a_claim_race_and_the_join_comes_first()
    {
        var at = JoinInFlight();
        at.HoldsRequest = request => request.Node != at.A;
        at.Drain();
        Assert.Equal(3, at.Record.InSync.Length);
        Rejoin(at);
        Assert.Equal(at.A.Id, at.Record.Holder);
    }

    [Fact]
    public void A_join_and_a_claim_race_and_the_claim_comes_first()
    {
        var at = JoinInFlight();
        at.HoldsRequest = request => request.Node != at.B;
        at.Run(10);
        Assert.Equal(at.B.Id, at.Record.Holder);
        Assert.Equal(at.B.Member, Assert.Single(at.Record.InSync));
        Rejoin(at);
        Assert.Equal(at.B.Id, at.Record.Holder);
    }

    [Fact]
    public void An_emptied_member_comes_back_as_a_new_one()
    {
        var at = new Schedule(2).Whole(2);
        at.Acknowledge(at.A);
        var old = at.B.Id;
        ModelWorld.Wipe(at.B, keepsId: false);
        at.Start(at.B);
        at.Acknowledge(at.A);
        at.Until(() => at.Record.InSync.Contains(at.B.Member));
        Assert.False(at.Record.Contains(old));

        at.Frozen.Add(at.A);
        at.Claim(at.B, at.A);
        at.Until(() => at.World.Active == at.B);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_claim_during_a_removal_whose_reply_is_lost(bool removalComesFirst)
    {
        var at = new Schedule(2).Whole(2);
        at.World.Handle(at.B, new RecordHint());
        at.Drain();
        at.HoldsMessage = (_, _, _) => true;
        at.HoldsRequest = request => request.Asked is ChangeRecord;
        at.Write(at.A);
        at.Until(() => at.World.Requests.Any(request => request.Asked is ChangeRecord));
        at.World.Handle(at.B, new PeerLost(at.A.Id));
        Assert.Equal(2, at.World.Requests.Count(request => request.Asked is ChangeRecord));
        if (removalComesFirst)
        {
            at.Pick(request => request.Node == at.A && request.Asked is ChangeRecord).Do();
            at.Pick(request => request is { IsReply: true, Asked: ChangeRecord }).Lose();
        }
        else
        {
            at.Pick(request => request.Node == at.A && request.Asked is ChangeRecord).Delay();
            at.Pick(request => request.Node == at.B && request is { Asked: ChangeRecord }).Do();
        }

        Assert.Equal(0, at.World.Acknowledged);
        at.HoldsRequest = _ => false;
        at.Run(100);
        Assert.Equal(removalComesFirst ? at.A.Id : at.B.Id, at.Record.Holder);
        Assert.Equal(removalComesFirst ? 1 : 0, at.World.Acknowledged);
        Rejoin(at);
    }

    [Fact]
    public void A_zombie_between_claim_and_seal()
    {
        var at = new Schedule(3).Whole(3);
        at.Acknowledge(at.A);

        // B's claim takes effect; before it can promise anything it stands still, and C claims after it and serves.
        at.SlowDisks.Add(at.B);
        at.Suspect(at.B, at.A);
        Assert.Equal(at.B.Id, at.Record.Holder);
        at.Frozen.Add(at.B);
        at.World.Write(at.A);
        at.Run(50);
        Assert.Equal(1, at.World.Acknowledged);
        at.Claim(at.C, at.B);
        at.Until(() => at.World.Active == at.C);
        at.Acknowledge(at.C);

        at.Frozen.Clear();
        at.SlowDisks.Clear();
        at.Run(50);
        Assert.False(at.B.IsActive);
        Rejoin(at);
        Assert.Equal(at.C.Id, at.Record.Holder);
    }

    [Fact]
    public void A_retry_finds_nothing_in_a_tail_whose_fence_is_not_committed()
    {
        var at = new Schedule(3).Whole(3);
        at.HoldsMessage = (_, to, _) => to == at.C;
        at.Write(at.A);
        at.Run(50);
        at.Frozen.Add(at.A);
        at.HoldsRequest = request => request.Asked is ConfirmRecord;
        at.Claim(at.B, at.A);
        Assert.Equal(3, at.B.Log.Count);
        Assert.Equal(1ul, at.B.Applied);
        Assert.False(at.B.IsActive);

        at.HoldsRequest = _ => false;
        at.Until(() => at.World.Active == at.B);
        Assert.Equal(3ul, at.B.Applied);
    }

    [Fact]
    public void The_arbiter_is_lost_with_a_set_of_one()
    {
        var at = new Schedule(1).Whole(1);
        at.Acknowledge(at.A);
        at.World.ArbiterIsAway = true;
        at.Write(at.A);
        at.World.Read(at.A);
        at.Run(3000);
        Assert.Equal(1, at.World.Acknowledged);
        Assert.Equal(0, at.World.ReadsAnswered);
        Assert.True(at.A.IsActive);

        at.World.ArbiterIsAway = false;
        at.Until(() => at.World.Acknowledged == 2 && at.World.ReadsAnswered == 1);
    }

    [Fact]
    public void The_arbiter_is_lost_with_a_set_of_two()
    {
        var at = new Schedule(3).Whole(2);
        at.World.ArbiterIsAway = true;
        at.Start(at.C);
        at.Acknowledge(at.A);
        at.World.Read(at.A);
        at.Until(() => at.World.ReadsAnswered == 1);

        // Without B nothing is acknowledged, and nobody leaves or joins.
        at.Frozen.Add(at.B);
        at.Write(at.A);
        at.Run(3000);
        Assert.Equal(1, at.World.Acknowledged);
        Assert.Equal(2, at.Record.InSync.Length);

        at.World.ArbiterIsAway = false;
        at.Until(() => at.World.Acknowledged == 2);
        Rejoin(at);
    }

    [Fact]
    public void The_arbiter_is_restored_from_old_data()
    {
        var at = new Schedule(3).Whole(2);
        var old = at.World.Arbiter.Stored;
        at.Frozen.Add(at.A);
        at.Claim(at.B, at.A);
        at.Until(() => at.World.Active == at.B);
        ModelWorld.Kill(at.A);
        at.Frozen.Clear();
        at.Start(at.A);
        at.Until(() => at.Record.InSync.Length == 2);
        var lost = at.World.Arbiter.Stored;

        // Both know the second epoch, and the arbiter the first: whoever is gone, nobody claims.
        at.World.Arbiter.Restore(old);
        ModelWorld.Kill(at.B);
        at.Claim(at.A, at.B);
        at.Run(3000);
        Assert.Equal(old, at.World.Arbiter.Stored);
        at.World.Arbiter.Restore(null);
        at.Run(3000);
        Assert.Null(at.World.Arbiter.Stored);

        at.World.Arbiter.Restore(lost);
        at.Until(() => at.World.Active == at.A);
        at.Start(at.B);
        at.Until(() => at.Record.InSync.Length == 2);
    }

    [Fact]
    public void The_arbiter_forgets_a_removal_and_nothing_is_cut()
    {
        var at = new Schedule(2).Whole(2);
        var old = at.World.Arbiter.Stored;
        at.HoldsMessage = (_, _, _) => true;
        at.Acknowledge(at.A);
        Assert.Single(at.Record.InSync);
        at.A.Checkpoint = at.A.Applied;

        // Whoever has not seen the removal cannot know that the older record of the same epoch is not what stands; the active has, confirms nothing under it, and says so.
        at.World.Arbiter.Restore(old);
        at.Write(at.A);
        at.Run(200);
        Assert.Equal(1, at.World.Acknowledged);
        Assert.Equal(3, at.A.Log.Count);
        Assert.Contains("lost its memory", at.A.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_claim_while_consenting()
    {
        var at = new Schedule(2).Whole(2);

        // B has asked for its claim and does not know the answer; meanwhile it goes on acknowledging.
        at.World.Handle(at.B, new RecordHint());
        at.Drain();
        at.HoldsRequest = request => request.Asked is ChangeRecord && request.Node == at.B;
        at.World.Handle(at.B, new PeerLost(at.A.Id));
        at.Acknowledge(at.A);
        at.Pick(request => request.Asked is ChangeRecord).Do();
        Assert.Equal(at.B.Id, at.Record.Holder);
        at.Acknowledge(at.A);
        at.HoldsRequest = _ => false;
        at.Until(() => at.World.Active == at.B);
        Assert.Equal(2, at.World.Acknowledged);
        Rejoin(at);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_active_is_cut_from_its_standby_with_clients_on_either_side(bool callsWaitAtTheStandby)
    {
        var at = new Schedule(2).Whole(2);
        at.Acknowledge(at.A);
        at.HoldsMessage = (_, _, _) => true;
        at.World.Handle(at.B, new CallsHeld(callsWaitAtTheStandby));
        for (var i = 0; i < 300; i++)
        {
            at.World.Write(at.A);
            at.World.Write(at.B);
            at.Run(10);
        }

        // One of them serves, alone; the other's process follows, or waits.
        var serving = at.World.Active;
        Assert.NotNull(serving);
        Assert.Single(at.Record.InSync);
        at.Acknowledge(serving);
        at.World.Network.Clear();
        Rejoin(at);
    }

    [Fact]
    public void A_forced_promotion_while_the_old_active_lives()
    {
        var at = new Schedule(3).Whole(2);
        at.World.StopsAreViolations = true;
        at.Start(at.C);
        at.Until(() => at.Record.InSync.Length == 3);
        at.Acknowledge(at.A);

        // An active that answers is not overruled.
        at.World.Handle(at.C, new ForceRequested());
        at.Run(50);
        Assert.Equal(at.A.Id, at.Record.Holder);

        // C is cut off, removed, and forced: what the other two acknowledged without it is lost, and only that.
        at.HoldsMessage = (from, to, _) => from == at.C || to == at.C;
        at.HoldsRequest = request => request.Node == at.C && request.Asked is ChangeRecord;
        at.Acknowledge(at.A);
        at.HoldsRequest = request => request.Node == at.A;
        at.Run(1000);
        at.World.Handle(at.C, new ForceRequested());
        at.Until(() => at.World.Active == at.C);
        Assert.True(at.Record.Forced);
        at.World.Write(at.A);
        at.Acknowledge(at.C);

        at.HoldsMessage = (_, _, _) => false;
        at.HoldsRequest = _ => false;
        Rejoin(at);
        Assert.Equal(at.C.Id, at.Record.Holder);
    }

    [Fact]
    public void A_planned_switchover_loses_nothing_and_takes_no_time()
    {
        var at = new Schedule(3).Whole(3);
        at.Acknowledge(at.A);
        at.World.Handle(at.B, new RecordHint());
        at.Drain();
        at.Write(at.A);
        at.World.Handle(at.A, new HandOverRequested(at.B.Id));
        Assert.False(at.World.Write(at.A));
        at.Run(100);
        Assert.Equal(at.B, at.World.Active);
        Assert.Equal(2, at.World.Acknowledged);
        Rejoin(at);
        Assert.Equal(at.B.Id, at.Record.Holder);
    }

    [Fact]
    public void With_too_few_members_only_reads_are_served()
    {
        var at = new Schedule(2, options: new() { MinInSync = 1 }).Whole(2);
        at.Acknowledge(at.A);
        at.Frozen.Add(at.B);
        at.Write(at.A);
        at.Run(2000);
        Assert.Equal(1, at.World.Acknowledged);
        Assert.Equal(2, at.Record.InSync.Length);

        at.Frozen.Clear();
        at.Until(() => at.World.Acknowledged == 2);
        at.Frozen.Add(at.A);
        at.Claim(at.B, at.A);
        at.Until(() => at.World.Active == at.B);
        Assert.False(at.World.Write(at.B));
        at.World.Read(at.B);
        at.Until(() => at.World.ReadsAnswered == 1);

        ModelWorld.Kill(at.A);
        at.Frozen.Clear();
        at.Start(at.A);
        at.Until(() => at.Record.InSync.Length == 2);
        at.Acknowledge(at.B);
    }

    /// <summary>A and B are the set; C holds everything and A has asked to add it; B has claimed; neither request has arrived.</summary>
    private static Schedule JoinInFlight()
    {
        var at = new Schedule(3).Whole(2);
        at.World.Handle(at.B, new RecordHint());
        at.Drain();
        at.HoldsRequest = request => request.Asked is ChangeRecord;
        at.Start(at.C);
        at.Until(() => at.World.Requests.Any(request => request.Asked is ChangeRecord));
        at.Write(at.A);
        at.World.Handle(at.B, new PeerLost(at.A.Id));
        Assert.Equal(2, at.World.Requests.Count(request => request.Asked is ChangeRecord));
        return at;
    }

    /// <summary>No more faults: the set becomes whole, and the active takes a write.</summary>
    private static void Rejoin(Schedule at)
    {
        at.HoldsMessage = (_, _, _) => false;
        at.HoldsRequest = _ => false;
        at.SlowDisks.Clear();
        at.Frozen.Clear();
        var living = at.World.Nodes.Count(node => node.Life > 0);
        at.Until(() =>
        {
            foreach (var down in at.World.Nodes.Where(node => node is { Core: null, Life: > 0 }))
            {
                at.Start(down);
            }

            return at.World.Active is not null && at.Record.InSync.Length == living;
        });
        at.Acknowledge(at.World.Active!);
    }
}
