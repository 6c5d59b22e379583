namespace Elanus.Replication.Tests;

/// <summary>A claim that is won while the own log is being cut.</summary>
public sealed class ClaimDuringCutTests
{
    [Fact]
    public void A_claim_won_while_a_tail_is_cut_is_sealed_when_the_cut_is_done()
    {
        var at = new Schedule(2).Whole(2);

        // B holds a write that A loses; A claims anew, so that B has a tail to cut.
        at.SlowDisks.Add(at.A);
        at.Write(at.A);
        at.Run(20);
        ModelWorld.Crash(at.A, 0);
        at.SlowDisks.Clear();
        at.HoldsMessage = (_, to, _) => to == at.B;
        at.Start(at.A);
        at.Until(() => at.Record.Epoch.Number == 2);

        // B learns the record, claims by a wrong suspicion, and meets A's chain before the claim takes effect.
        at.HoldsRequest = request => request is { Asked: ChangeRecord } && request.Node == at.B;
        at.Suspect(at.B, at.A);
        at.SlowDisks.Add(at.B);
        at.HoldsMessage = (_, _, _) => false;
        at.Run(100);
        at.Frozen.Add(at.A);
        at.HoldsRequest = _ => false;
        at.Drain();
        Assert.Equal(at.B.Id, at.Record.Holder);
        at.SlowDisks.Clear();
        at.Until(() => at.World.Active == at.B);
        at.Acknowledge(at.B);
    }
}
