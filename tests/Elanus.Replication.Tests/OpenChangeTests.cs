namespace Elanus.Replication.Tests;

/// <summary>Changes of the set whose outcome comes late, and members that do not answer a new active.</summary>
public sealed class OpenChangeTests
{
    [Fact]
    public void A_refused_attempt_does_not_hide_an_earlier_one_that_took_effect()
    {
        var at = new Schedule(3, options: new() { OpenChangesMax = 1 }).Whole(2);
        at.HoldsRequest = request => request.Node == at.A;
        at.Start(at.C);
        at.Run(50);

        // The join's outcome is unknown; it is attempted again, and the first attempt takes effect late, so the second is refused.
        at.Pick(request => request is { Asked: ChangeRecord } && request.Node == at.A).Delay();
        var late = at.Pick(request => request is { Asked: ChangeRecord } && request.Node == at.A);
        at.Run(300);
        late.Do();
        at.Pick(request => request is { Asked: ChangeRecord, IsReply: false } && request.Node == at.A).Do();
        at.Pick(request => request is { Asked: ChangeRecord, IsReply: true } && request.Node == at.A).Do();
        Assert.Equal(3, at.Record.InSync.Length);

        // C counts from now on, though A has not read it yet.
        var before = at.World.Acknowledged;
        at.HoldsMessage = (_, to, _) => to == at.C;
        at.Write(at.A);
        at.Run(800);
        Assert.Equal(before, at.World.Acknowledged);
        at.Frozen.Add(at.A);
        at.Suspect(at.C, at.A);
        at.Run(300);
        Assert.Equal(at.C.Id, at.Record.Holder);
    }

    [Fact]
    public void A_claimant_whose_members_do_not_answer_serves_reads_until_one_joins()
    {
        var at = new Schedule(3, options: new() { MinInSync = 1 }).Whole(3);
        at.Acknowledge(at.A);
        ModelWorld.Crash(at.C, 0);
        ModelWorld.Crash(at.A, 0);
        at.Suspect(at.B, at.A);
        at.Until(() => at.World.Active == at.B);
        Assert.False(at.World.Write(at.B));
        var answered = at.World.ReadsAnswered;
        at.World.Read(at.B);
        at.Until(() => at.World.ReadsAnswered > answered);

        at.Start(at.C);
        at.Until(() => at.Record.InSync.Length == 2);
        at.Acknowledge(at.B);
    }

    [Fact]
    public void A_member_that_was_asked_to_leave_stays_while_another_one_has_left_by_itself()
    {
        var at = new Schedule(3, options: new() { MinInSync = 1 }).Whole(3);
        at.HoldsMessage = (from, to, _) => from == at.C || to == at.C;
        at.HoldsRequest = request => request is { Asked: ChangeRecord };
        at.Write(at.A);
        at.Until(() => at.World.Requests.Exists(request => request is { Asked: ChangeRecord }));

        // C's leaving is under way: of three members two would be left without B.
        at.World.Handle(at.A, new RemovalRequested(at.B.Id));
        at.HoldsRequest = _ => false;
        at.Run(1000);
        Assert.Equal([at.A.Id, at.B.Id], at.Record.InSync.Select(member => member.Node));

        at.HoldsMessage = (_, _, _) => false;
        at.Until(() => at.Record.InSync.Length == 2 && at.Record.Contains(at.C.Id));
        Assert.False(at.Record.Contains(at.B.Id));
    }

    [Fact]
    public void An_acknowledgement_that_outruns_the_own_log_counts_only_what_the_log_has()
    {
        var at = new Schedule(2).Whole(2);
        at.Acknowledge(at.A);
        var end = (ulong)at.A.Log.Count;
        at.World.Handle(at.A, new Received(at.B.Id, new Ack(at.A.Epoch, end + 1, end + 1, 0, false)));
        at.HoldsMessage = (from, _, _) => from == at.B;
        var before = at.World.Acknowledged;
        at.Write(at.A);
        at.Drain();
        Assert.Equal(before, at.World.Acknowledged);
        at.HoldsMessage = (_, _, _) => false;
        at.Drain();
        Assert.Equal(before + 1, at.World.Acknowledged);
    }

    [Fact]
    public void Claims_that_were_lost_do_not_keep_a_node_from_claiming_later()
    {
        var at = new Schedule(1).Whole(1);
        ModelWorld.Crash(at.A, 0);
        at.HoldsRequest = request => request is { Asked: ChangeRecord };
        at.Start(at.A);
        for (var lost = 0; lost < 2 * new ReplicaOptions().OpenChangesMax; lost++)
        {
            at.Until(() => at.World.Requests.Exists(request => request is { Asked: ChangeRecord }));
            at.Pick(request => request is { Asked: ChangeRecord }).Lose();
        }

        at.HoldsRequest = _ => false;
        at.Until(() => at.World.Active == at.A);
    }

    [Fact]
    public void A_standby_asks_for_the_hint_once_at_a_time()
    {
        var at = new Schedule(2).Whole(2);
        at.World.Handle(at.B, new RecordHint());
        at.Drain();
        at.HoldsRequest = request => request.Node == at.B;
        at.Frozen.Add(at.A);
        at.Run(3000);
        Assert.Single(at.World.Requests, request => request is { Asked: ReadAlive } && request.Node == at.B);
    }
}
