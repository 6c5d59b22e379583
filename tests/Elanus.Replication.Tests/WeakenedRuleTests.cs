namespace Elanus.Replication.Tests;

/// <summary>
/// The schedules of docs/schedules.md: with the rule off the checks find the violation, with all rules on the same steps bring none. Logs begin with the
/// fence of the first epoch at position 1.
/// </summary>
public sealed class WeakenedRuleTests
{
    private static readonly ProtocolRules All = ProtocolRules.All;

    [Fact]
    public void Acknowledged_by_one_of_two_standbys() => Prove(All with { EveryMemberAcknowledges = false }, rules =>
    {
        var at = new Schedule(3, rules).Whole(3);
        at.HoldsMessage = (from, to, _) => from == at.A && to == at.C;
        at.Write(at.A);
        at.Run(100);
        at.Frozen.Add(at.A);
        at.Claim(at.C, at.A);
    });

    [Fact]
    public void Confirmed_before_it_is_durable() => Prove(All with { DurableBeforeAcknowledged = false }, rules =>
    {
        var at = new Schedule(2, rules).Whole(2);
        at.SlowDisks.Add(at.B);
        at.Write(at.A);
        at.Run(100);
        at.Frozen.Add(at.A);
        ModelWorld.Crash(at.B, 0);
        at.SlowDisks.Clear();
        at.Start(at.B);
        at.Claim(at.B, at.A);
    });

    [Fact]
    public void A_claim_by_one_who_is_no_member() => Prove(All with { OnlyMembersClaim = false }, rules =>
    {
        var at = new Schedule(2, rules).Whole(2);
        at.HoldsMessage = (_, _, _) => true;
        at.Acknowledge(at.A);
        at.Frozen.Add(at.A);
        at.Claim(at.B, at.A);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_emptied_directory_that_keeps_its_id(bool keepsId)
    {
        var found = Record.Exception(() =>
        {
            var at = new Schedule(2).Whole(2);
            at.Acknowledge(at.A);
            at.Frozen.Add(at.A);
            ModelWorld.Wipe(at.B, keepsId);
            at.Start(at.B);
            at.Claim(at.B, at.A);
        });
        Assert.Equal(keepsId, found is ViolationException);
        Assert.Equal(keepsId, found is not null);
    }

    [Fact]
    public void A_member_joins_without_catching_up() => Prove(All with { JoinWaitsForCatchUp = false }, rules =>
    {
        var at = new Schedule(2, rules).Whole(1);
        at.Acknowledge(at.A);
        at.HoldsMessage = (_, _, message) => message is Records;
        at.Start(at.B);
        at.Run(200);
        at.Frozen.Add(at.A);
        at.Claim(at.B, at.A);
    });

    [Fact]
    public void No_union_while_a_join_is_open() => Prove(All with { UnionWhileChangeIsOpen = false }, rules =>
    {
        var at = new Schedule(3, rules).Whole(2);
        at.HoldsRequest = request => request.Asked is ChangeRecord;
        at.Start(at.C);
        at.Until(() => at.World.Requests.Any(request => request.Asked is ChangeRecord));
        at.World.Handle(at.A, new RemovalRequested(at.C.Id));
        at.HoldsMessage = (from, to, _) => from == at.A && to == at.C;
        at.Write(at.A);
        at.Run(100);
        at.Frozen.Add(at.A);
        at.HoldsRequest = _ => false;
        at.Run(10);
        Assert.Equal(3, at.Record.InSync.Length);
        at.Claim(at.C, at.A);
    });

    [Fact]
    public void Acknowledged_without_a_member_before_its_removal_is_known() => Prove(All with { LeavingCountsOnceKnown = false }, rules =>
    {
        var at = new Schedule(3, rules).Whole(3);
        at.HoldsMessage = (from, to, _) => from == at.A && to == at.C;
        at.HoldsRequest = request => request.Asked is ChangeRecord && request.Node == at.A;
        at.Write(at.A);
        at.Until(() => at.World.Requests.Any(request => request.Asked is ChangeRecord));
        at.Run(20);
        at.Frozen.Add(at.A);
        at.Claim(at.C, at.A);
    });

    [Fact]
    public void A_confirmation_alone_that_comes_after_a_join() => Prove(All with { SoloConfirmationOnlyWhileAlone = false }, rules =>
    {
        var at = new Schedule(2, rules).Whole(2);
        at.Frozen.Add(at.B);
        at.HoldsRequest = request => request is { Asked: ConfirmRecord, IsReply: true };
        at.Write(at.A);
        at.Drain();
        at.Write(at.A);
        at.Until(() => at.World.Requests.Any(request => request is { Asked: ConfirmRecord, IsReply: true }));

        // B comes back and takes the first of the two writes, joins, and never sees the second.
        at.HoldsMessage = (_, _, message) => message is Records records && records.Items[^1].Position.Number > 2;
        at.Frozen.Clear();
        at.Until(() => at.Record.InSync.Length == 2);
        at.Run(20);
        at.Pick(request => request is { Asked: ConfirmRecord, IsReply: true }).Do();
        at.Frozen.Add(at.A);
        at.Claim(at.B, at.A);
    });

    [Fact]
    public void A_claimant_that_goes_on_acknowledging_the_old_epoch() => Prove(All with { PromiseOnClaim = false }, rules =>
    {
        var at = new Schedule(2, rules).Whole(2);
        at.SlowDisks.Add(at.B);
        at.Write(at.A);
        at.Drain();
        at.Suspect(at.B, at.A);
        Assert.Equal(at.B.Id, at.Record.Holder);
        at.World.Write(at.A);
        at.Drain();
        at.HoldsRequest = request => request.Node == at.B;
        at.SlowDisks.Clear();
        at.Drain();
        at.HoldsRequest = _ => false;
        at.Until(() => at.World.Active == at.B);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_change_that_compares_the_epoch_only(bool comparesEpochOnly)
    {
        var found = Record.Exception(() =>
        {
            var at = new Schedule(2, arbiterComparesEpochOnly: comparesEpochOnly).Whole(2);
            at.World.Handle(at.B, new RecordHint());
            at.Drain();
            at.HoldsRequest = request => request.Node == at.B;
            at.World.Handle(at.B, new PeerLost(at.A.Id));
            Assert.Contains(at.World.Requests, request => request.Asked is ChangeRecord);
            at.HoldsMessage = (_, _, _) => true;
            at.Acknowledge(at.A);
            at.HoldsRequest = _ => false;
            at.Run(20);
            Assert.Equal(at.A.Id, at.Record.Holder);
        });
        Assert.Equal(comparesEpochOnly, found is ViolationException);
        Assert.Equal(comparesEpochOnly, found is not null);
    }

    [Fact]
    public void A_change_read_back_as_not_done_and_forgotten() => Prove(All with { UnchangedVersionStaysOpen = false }, rules =>
    {
        var at = new Schedule(2, rules).Whole(1);
        at.HoldsRequest = request => request.Asked is ChangeRecord;
        at.Start(at.B);
        at.Until(() => at.World.Requests.Any(request => request.Asked is ChangeRecord));
        at.Pick(request => request.Asked is ChangeRecord).Delay();
        at.Drain();
        at.World.Handle(at.A, new RemovalRequested(at.B.Id));
        at.HoldsMessage = (_, to, _) => to == at.B;
        at.Write(at.A);
        at.Run(100);
        at.Frozen.Add(at.A);
        at.HoldsRequest = _ => false;
        at.Run(10);
        Assert.Equal(2, at.Record.InSync.Length);
        at.Claim(at.B, at.A);
    });

    [Fact]
    public void A_holder_that_resumes_its_epoch_after_a_restart() => Prove(All with { EpochEndsWithItsProcess = false }, rules =>
    {
        var at = new Schedule(2, rules).Whole(1);
        at.HoldsRequest = request => request.Asked is ChangeRecord;
        at.Start(at.B);
        at.Until(() => at.World.Requests.Any(request => request.Asked is ChangeRecord));
        ModelWorld.Kill(at.A);
        at.HoldsMessage = (_, to, _) => to == at.B;
        at.Start(at.A);
        at.Run(20);
        at.World.Write(at.A);
        at.Run(50);
        at.Frozen.Add(at.A);
        at.HoldsRequest = _ => false;
        at.Run(10);
        Assert.Equal(2, at.Record.InSync.Length);
        at.Claim(at.B, at.A);
    });

    [Fact]
    public void A_join_measured_by_the_commit_position_a_new_active_knows() => Prove(All with { JoinNeedsOwnFence = false }, rules =>
    {
        var at = new Schedule(3, rules).Whole(2);
        at.HoldsMessage = (from, to, message) => from == at.A && to == at.B && message is not Records;
        at.Acknowledge(at.A);
        at.HoldsMessage = (from, to, message) => from == at.A || to == at.A || message is Records;
        at.Frozen.Add(at.A);
        ModelWorld.Kill(at.B);
        at.Start(at.B);
        at.HoldsRequest = request => request.Asked is ConfirmRecord;
        at.Claim(at.B, at.A);
        Assert.Equal(at.B.Id, at.Record.Holder);
        at.Start(at.C);
        at.Run(200);
        at.Frozen.Add(at.B);
        at.Claim(at.C, at.B);
    });

    [Fact]
    public void A_forced_claim_whose_mark_is_lost_with_its_process() => Prove(All with { ForcedMarkIsKept = false }, rules =>
    {
        var at = AwaitsAForce(rules);
        at.World.StopsAreViolations = true;
        at.SlowDisks.Add(at.B);
        at.World.Handle(at.B, new ForceRequested());
        at.Drain();
        Assert.True(at.Record.Forced);
        ModelWorld.Kill(at.B);
        at.SlowDisks.Clear();
        at.Start(at.B);
        at.Until(() => at.World.Active == at.B);

        ModelWorld.Kill(at.A);
        at.Frozen.Clear();
        at.HoldsMessage = (_, _, _) => false;
        CutsAndFollows(at);
    });

    [Fact]
    public void What_a_forced_epoch_takes_back_is_cut_before_the_promise_asks_for_it_no_longer() => Prove(All with { CutBehindItsPromise = false }, rules =>
    {
        var at = AwaitsAForce(rules);
        at.World.Handle(at.B, new ForceRequested());
        at.Until(() => at.World.Active == at.B);
        ModelWorld.Kill(at.A);
        at.Frozen.Clear();
        at.Start(at.A);
        Assert.Equal(at.A.Applied, at.A.Promise.CommitSeen);

        // A meets the history that lacks what it has shown. Its disk does everything but keep the promise; then its process ends.
        at.SlowDisks.Add(at.A);
        at.HoldsMessage = (_, _, _) => false;
        at.Run(100);
        Assert.NotEmpty(at.A.Beside);
        while (at.A.Disk.TryDequeue(out var done))
        {
            done();
        }

        ModelWorld.Kill(at.A);
        at.SlowDisks.Clear();
        CutsAndFollows(at);
    });

    [Fact]
    public void A_sealed_tail_shown_before_the_fence_is_committed() => Prove(All with { NothingShownBeforeFence = false }, rules =>
    {
        var at = new Schedule(3, rules).Whole(3);
        at.HoldsMessage = (_, to, _) => to == at.C;
        at.Write(at.A);
        at.Run(50);
        at.Frozen.Add(at.A);
        at.Claim(at.B, at.A);
        at.Frozen.Add(at.B);
        at.Claim(at.C, at.B);
        at.Until(() => at.World.Active == at.C);
    });

    [Fact]
    public void A_promise_forgotten_in_a_restart() => Prove(All with { PromiseIsDurable = false }, rules =>
    {
        var at = new Schedule(2, rules).Whole(2);
        at.Frozen.Add(at.A);
        at.HoldsMessage = (_, _, _) => true;
        at.Claim(at.B, at.A);
        at.Acknowledge(at.B);
        ModelWorld.Kill(at.B);
        at.World.Network.Clear();
        at.HoldsMessage = (_, _, _) => false;
        at.HoldsRequest = _ => true;
        at.Start(at.B);
        at.Frozen.Clear();
        at.Run(300);
    });

    [Fact]
    public void An_acknowledgement_under_another_epoch() => Prove(All with { AcknowledgedUnderOwnEpoch = false }, rules =>
    {
        var at = new Schedule(2, rules).Whole(2);
        at.SlowDisks.Add(at.A);
        at.HoldsMessage = (from, _, _) => from == at.B;
        at.Write(at.A);
        at.Write(at.A);
        at.Run(20);
        at.HoldsMessage = (_, _, _) => true;
        ModelWorld.Crash(at.A, 0);
        at.SlowDisks.Clear();
        at.Start(at.A);
        at.Run(50);
        at.Deliver((from, _, message) => from == at.B && message is Ack { Durable: 3 });
        at.Drain();
        at.World.Write(at.A);
        at.Run(50);
        at.Frozen.Add(at.A);
        at.Claim(at.B, at.A);
    });

    [Fact]
    public void An_old_tail_of_its_own_that_was_never_synced() => Prove(All with { WholePrefixIsSynced = false }, rules =>
    {
        var at = new Schedule(2, rules).Whole(2);
        at.SlowDisks.Add(at.A);
        at.Write(at.A);
        at.Run(20);
        ModelWorld.Kill(at.A);
        at.SlowDisks.Clear();
        at.Claim(at.B, at.A);
        at.Until(() => at.World.Active == at.B);
        at.Start(at.A);
        at.Until(() => at.Record.InSync.Length == 2);
        at.Acknowledge(at.B);
        at.Frozen.Add(at.B);
        ModelWorld.Crash(at.A, 0);
        at.Start(at.A);
        at.Claim(at.A, at.B);
    });

    [Fact]
    public void A_cut_to_the_newest_end_only() => Prove(All with { CutAlongTheChain = false }, rules =>
    {
        var at = new Schedule(3, rules).Whole(3);
        at.HoldsMessage = (_, to, _) => to == at.B;
        at.Write(at.A);
        at.Write(at.A);
        at.Run(50);
        at.Frozen.Add(at.A);
        at.HoldsMessage = (_, _, _) => true;
        at.Claim(at.B, at.A);
        at.Claim(at.C, at.B);
        at.Until(() => at.World.Active == at.C);
        ModelWorld.Kill(at.B);
        at.World.Network.Clear();
        at.HoldsMessage = (_, _, _) => false;
        at.Start(at.B);
        at.Until(() => at.Record.InSync.Length == 2);
    });

    [Fact]
    public void A_commit_position_taken_before_the_histories_are_matched() => Prove(All with { CommitOnlyWhatIsMatched = false }, rules =>
    {
        var at = new Schedule(3, rules).Whole(3);
        at.HoldsMessage = (_, to, _) => to == at.C;
        at.Write(at.A);
        at.Run(50);
        at.Frozen.Add(at.A);
        at.HoldsMessage = (_, _, _) => true;
        at.Claim(at.C, at.A);
        at.Until(() => at.World.Active == at.C);
        at.World.Network.Clear();
        at.HoldsMessage = (_, _, _) => false;
        at.Until(() => at.Record.InSync.Length == 2);
    });

    [Fact]
    public void A_strong_read_without_a_confirmation() => Prove(All with { StrongReadsAreConfirmed = false }, rules =>
    {
        var at = new Schedule(2, rules).Whole(2);
        Deposed(at);
        at.World.Read(at.A);
        at.Run(50);
    });

    [Fact]
    public void A_strong_read_confirmed_by_what_began_before_it() => Prove(All with { ConfirmationBeginsAfterRead = false }, rules =>
    {
        var at = new Schedule(2, rules).Whole(2);
        at.World.Read(at.A);
        at.Run(100);
        Assert.Equal(1, at.World.ReadsAnswered);
        Deposed(at);
        at.World.Read(at.A);
        at.Run(50);
    });

    [Fact]
    public void A_strong_read_confirmed_under_another_epoch() => Prove(All with { ReadsConfirmedUnderOwnEpoch = false }, rules =>
    {
        var at = new Schedule(2, rules).Whole(2);
        var first = at.Record.Epoch;
        at.HoldsMessage = (_, _, message) => message is Ack { Round: > 0 } && message.Epoch == first;
        at.World.Read(at.A);
        at.Run(100);
        ModelWorld.Kill(at.A);
        at.Start(at.A);
        at.Until(() => at.World.Active == at.A && at.Record.Epoch != first);
        Deposed(at);
        at.World.Read(at.A);
        at.Drain();
        at.Deliver((_, to, message) => to == at.A && message is Ack { Round: > 0 } && message.Epoch == first);
        at.Run(50);
    });

    [Fact]
    public void Alone_without_a_confirmation() => Prove(All with { SoloWritesAreConfirmed = false }, rules =>
    {
        var at = new Schedule(2, rules).Whole(1);
        at.Acknowledge(at.A);
        at.HoldsMessage = (_, _, _) => true;
        at.HoldsRequest = request => request.Node == at.A;
        at.Start(at.B);
        at.Run(1500);
        at.World.Handle(at.B, new ForceRequested());
        at.Until(() => at.World.Active == at.B);
        at.Acknowledge(at.B);
        at.Write(at.A);
        at.Run(50);
    });

    /// <summary>B takes over and acknowledges a write, and A, still active in its own eyes, hears nothing of it.</summary>
    private static void Deposed(Schedule at)
    {
        at.HoldsMessage = (_, _, _) => true;
        at.HoldsRequest = request => request.Node == at.A;
        at.Claim(at.B, at.A);
        at.Acknowledge(at.B);
        Assert.True(at.A.IsActive);
    }

    /// <summary>A has shown more than B, which no member heard of; A is frozen, and B has waited for it.</summary>
    private static Schedule AwaitsAForce(ProtocolRules rules)
    {
        var at = new Schedule(2, rules).Whole(1);
        at.Acknowledge(at.A);
        at.A.Checkpoint = at.A.Applied;
        at.Frozen.Add(at.A);
        at.HoldsMessage = (_, _, _) => true;
        at.Start(at.B);
        at.Run(1500);
        return at;
    }

    /// <summary>A cuts what it has shown, with which its process ends, and follows in its next life.</summary>
    private static void CutsAndFollows(Schedule at)
    {
        at.Start(at.A);
        at.Until(() => at.A.Core is null);
        at.Start(at.A);
        at.Until(() => at.Record.InSync.Length == 2);
    }

    private static void Prove(ProtocolRules weakened, Action<ProtocolRules> schedule)
    {
        schedule(All);
        Assert.Throws<ViolationException>(() => schedule(weakened));
    }
}
