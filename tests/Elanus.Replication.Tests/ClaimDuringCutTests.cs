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

    [Fact]
    public void A_front_that_moves_before_the_cut_makes_a_copy_of_it()
    {
        var at = MeetsAForcedEpoch();
        at.B.Checkpoint = at.B.Applied;
        at.World.Truncate(at.B, at.B.Checkpoint + 1);
        at.SlowDisks.Clear();
        at.Until(() => at.World.Copies > 0);
        Whole(at);
    }

    [Fact]
    public void A_force_that_is_won_before_the_cut_goes_on_with_everything()
    {
        var at = MeetsAForcedEpoch();
        var held = at.B.Log.Count;
        while (at.B.Beside.TryDequeue(out var done))
        {
            done();
        }

        Assert.NotEmpty(at.B.Disk);
        at.Frozen.Add(at.C);
        at.HoldsMessage = (_, _, _) => true;
        at.Run(3000);
        at.World.Handle(at.B, new ForceRequested());
        at.Drain();
        Assert.Equal(at.B.Id, at.Record.Holder);
        at.SlowDisks.Clear();
        at.Until(() => at.World.Active == at.B);
        Assert.True(at.B.Log.Count > held, "the second force did not begin with all that the node held");
        Whole(at);
    }

    [Fact]
    public void A_front_that_moves_after_another_epoch_ended_the_cut_makes_a_copy_of_it()
    {
        var at = MeetsAForcedEpoch();
        while (at.B.Beside.TryDequeue(out var done))
        {
            done();
        }

        Assert.NotEmpty(at.B.Disk);
        at.HoldsMessage = (_, to, _) => to == at.B;
        ModelWorld.Kill(at.C);
        at.Start(at.C);
        at.Until(() => at.World.Active == at.C);
        at.Run(3000);
        at.SlowDisks.Clear();
        at.Run(100);
        Assert.Empty(at.B.Disk);
        at.B.Checkpoint = at.B.Applied;
        at.World.Truncate(at.B, at.B.Checkpoint + 1);
        at.Run(100);
        at.World.Network.Clear();
        Whole(at);
        Assert.True(at.World.Copies > 0, "it cut what it could not make again");
    }

    /// <summary>B has shown more than C, which an operator forced; B has met C's history, and the promise that lets it cut is on its way to the disk.</summary>
    private static Schedule MeetsAForcedEpoch()
    {
        var at = new Schedule(3).Whole(3);
        at.Frozen.Add(at.C);
        at.Write(at.A);
        at.Until(() => at.Record.InSync.Length == 2);
        at.Acknowledge(at.A);
        at.Acknowledge(at.A);
        at.Until(() => at.B.Applied == (ulong)at.B.Log.Count);
        at.Frozen.Add(at.A);
        at.Frozen.Add(at.B);
        at.Frozen.Remove(at.C);
        at.HoldsMessage = (_, _, _) => true;
        at.Run(3000);
        at.World.Handle(at.C, new ForceRequested());
        at.Until(() => at.World.Active == at.C);
        at.World.Network.Clear();
        at.Frozen.Remove(at.B);
        at.Until(() => at.B.Promise.Epoch == at.Record.Epoch);
        at.SlowDisks.Add(at.B);
        at.HoldsMessage = (_, _, _) => false;
        at.Run(100);
        Assert.Equal(at.B.Applied, at.B.Promise.CommitSeen);
        Assert.NotEmpty(at.B.Beside);
        return at;
    }

    private static void Whole(Schedule at)
    {
        at.HoldsMessage = (_, _, _) => false;
        at.Frozen.Clear();
        at.Until(() =>
        {
            foreach (var down in at.World.Nodes.Where(node => node.Core is null))
            {
                at.Start(down);
            }

            return at.World.Active is not null && at.Record.InSync.Length == 3;
        });
        at.Acknowledge(at.World.Active!);
    }
}
