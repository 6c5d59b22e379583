namespace Elanus.Replication.Tests;

/// <summary>When a standby holds the active for ended, or for hung.</summary>
public sealed class DetectionTests
{
    /// <summary>Far less than the silence that is borne.</summary>
    private const int SoonMs = 60;

    [Fact]
    public void A_node_that_is_told_before_it_has_read_the_record_claims_when_it_has()
    {
        var at = new Schedule(2).Whole(2);
        ModelWorld.Crash(at.B, 0);
        at.Frozen.Add(at.A);
        at.HoldsRequest = request => request.Node == at.B;
        at.Start(at.B);
        at.World.Handle(at.B, new ProcessEnded(at.Record.Epoch));
        at.HoldsRequest = _ => false;
        at.Run(SoonMs);
        Assert.Equal(at.B.Id, at.Record.Holder);
    }

    [Fact]
    public void A_node_that_is_told_just_after_an_attempt_that_could_not_succeed_claims_again()
    {
        // C leaves the set at the moment when A ends: what B claims with is the record from before.
        var at = new Schedule(3).Whole(3);
        at.World.Handle(at.B, new RecordHint());
        at.Drain();
        at.HoldsRequest = request => request.Asked is ChangeRecord && request.Node == at.A || request.Asked is ReadRecord;
        at.Frozen.Add(at.C);
        at.Write(at.A);
        at.Until(() => at.World.Requests.Any(request => request.Node == at.A && request.Asked is ChangeRecord));
        at.Pick(request => request.Node == at.A && request.Asked is ChangeRecord).Do();
        at.Frozen.Add(at.A);
        at.World.Handle(at.B, new ProcessEnded(at.Record.Epoch));
        at.Run(SoonMs);
        Assert.Equal(at.A.Id, at.Record.Holder);
        at.HoldsRequest = _ => false;
        at.Run(SoonMs);
        Assert.Equal(at.B.Id, at.Record.Holder);
    }

    private static void Pause(Schedule at, int ms)
    {
        at.Frozen.Add(at.A);
        at.Run(ms);
        at.Frozen.Clear();
        at.Run(SoonMs / 2);
    }

    [Theory]
    [InlineData(600, false)]
    [InlineData(1000, true)]
    public void An_active_that_speaks_and_waits_for_its_disk_is_replaced_after_a_while_only(int ms, bool isReplaced)
    {
        var at = new Schedule(2).Whole(2);
        at.SlowDisks.Add(at.A);
        at.Write(at.A);
        at.Run(ms);
        Assert.Equal(isReplaced ? at.B.Id : at.A.Id, at.Record.Holder);
    }

    [Fact]
    public void A_standby_whose_state_hangs_at_the_same_record_does_not_take_over_before_it_is_past_it()
    {
        var at = new Schedule(2).Whole(2);
        at.Acknowledge(at.A);
        (at.A.HangsAt, at.B.HangsAt) = (at.A.Applied, at.A.Applied);
        at.Acknowledge(at.A);
        at.Run(2500);
        Pause(at, 250);
        at.Run(10_000);
        Assert.Equal(at.A.Id, at.Record.Holder);

        // A word that comes late, from an active that is known for it, is no silence.
        Pause(at, 450);
        at.Run(SoonMs);
        Assert.Equal(at.A.Id, at.Record.Holder);

        at.B.HangsAt = null;
        at.Run(SoonMs);
        Assert.Equal(at.B.Id, at.Record.Holder);
    }

    [Theory]
    [InlineData(3500, false)]
    [InlineData(4500, true)]
    public void An_active_whose_log_goes_on_and_whose_state_hangs_is_replaced(int ms, bool isReplaced)
    {
        var at = new Schedule(2).Whole(2);
        at.Acknowledge(at.A);
        at.A.HangsAt = at.A.Applied;
        at.Run(10_000);
        Assert.Equal(at.A.Id, at.Record.Holder);

        at.Write(at.A);
        at.Run(ms);
        Assert.Equal(isReplaced ? at.B.Id : at.A.Id, at.Record.Holder);
    }
}
