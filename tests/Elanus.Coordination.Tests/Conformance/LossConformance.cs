namespace Elanus.Coordination.Tests.Conformance;

/// <summary>What a claimant can rely on when messages to its store are lost or late.</summary>
public abstract partial class ArbiterConformance
{
    [ArbiterFact]
    public async Task A_change_whose_reply_is_lost_is_unknown_and_found_by_its_nonce()
    {
        var (faulty, faults, other) = await OpenFaulty();
        var version = await Claimed(other, RecordVersion.None, Roles.Held(1, 1));
        faults.Fate = static call => call.Request == ArbiterRequest.Change ? ArbiterFate.ReplyLost : ArbiterFate.Prompt;
        var nonce = Roles.Nonce();
        Assert.Equal(ChangeOutcome.Unknown, await faulty.ChangeAsync(Role, version, Roles.Held(2, 2), nonce, Roles.Soon()));
        await faulty.SettledAsync(Roles.Bound());
        var read = (await faulty.ReadAsync(Role, Roles.Bound())).Value!;
        Assert.Equal(nonce, read.Nonce);
        Assert.True(read.Version.Number > version.Number);
        Assert.Equal(ChangeOutcome.Done, await faulty.ConfirmAsync(Role, read.Version, Roles.Nonce(), Roles.Bound()));
    }

    [ArbiterFact]
    public async Task A_change_that_was_lost_on_its_way_leaves_the_version_open()
    {
        var (faulty, faults, other) = await OpenFaulty();
        var version = await Claimed(other, RecordVersion.None, Roles.Held(1, 1));
        faults.Fate = static call => call.Request == ArbiterRequest.Change ? ArbiterFate.RequestLost : ArbiterFate.Prompt;
        Assert.Equal(ChangeOutcome.Unknown, await faulty.ChangeAsync(Role, version, Roles.Held(2, 2), Roles.Nonce(), Roles.Soon()));
        Assert.Equal(version, (await faulty.ReadAsync(Role, Roles.Bound())).Value!.Version);
    }

    [ArbiterFact]
    public async Task A_change_that_arrives_late_takes_effect_unless_the_version_moved()
    {
        var (faulty, faults, other) = await OpenFaulty();
        var version = await Claimed(other, RecordVersion.None, Roles.Held(1, 1));
        faults.Fate = static call => call.Request == ArbiterRequest.Change ? ArbiterFate.Late(TimeSpan.FromMilliseconds(300)) : ArbiterFate.Prompt;
        var late = Roles.Nonce();
        Assert.Equal(ChangeOutcome.Unknown, await faulty.ChangeAsync(Role, version, Roles.Held(2, 2), late, Roles.Soon(50)));
        await faulty.SettledAsync(Roles.Bound());
        var read = (await other.ReadAsync(Role, Roles.Bound())).Value!;
        Assert.Equal(late, read.Nonce);

        Assert.Equal(ChangeOutcome.Unknown, await faulty.ChangeAsync(Role, read.Version, Roles.Held(3, 3), Roles.Nonce(), Roles.Soon(50)));
        var overtaking = Roles.Held(4, 1);
        var standing = await Claimed(other, read.Version, overtaking);
        await faulty.SettledAsync(Roles.Bound());
        Assert.Equal((standing, overtaking), ((await other.ReadAsync(Role, Roles.Bound())).Value!.Version, (await other.ReadAsync(Role, Roles.Bound())).Value!.Record));
    }

    [ArbiterFact]
    public async Task A_confirmation_that_is_lost_either_way_is_unknown_and_harms_nothing()
    {
        var (faulty, faults, other) = await OpenFaulty();
        var version = await Claimed(other, RecordVersion.None, Roles.Held(1, 1));
        foreach (var fate in new[] { ArbiterFate.RequestLost, ArbiterFate.ReplyLost })
        {
            faults.Fate = _ => fate;
            Assert.Equal(ChangeOutcome.Unknown, await faulty.ConfirmAsync(Role, version, Roles.Nonce(), Roles.Soon()));
        }

        await faulty.SettledAsync(Roles.Bound());
        faults.Fate = static _ => ArbiterFate.Prompt;
        Assert.Equal(ChangeOutcome.Done, await faulty.ConfirmAsync(Role, version, Roles.Nonce(), Roles.Bound()));
        Assert.Equal(version, (await other.ReadAsync(Role, Roles.Bound())).Value!.Version);
    }

    [ArbiterFact]
    public async Task Under_lost_and_late_messages_every_done_is_one_link_of_one_chain()
    {
        const int Claimants = 4;
        const int Attempts = 12;
        var random = new SeededRandom(20261121);
        var done = new List<(RecordVersion From, ChangeNonce Nonce)>();
        var arbiters = new List<FaultyArbiter>();
        for (var i = 0; i < Claimants; i++)
        {
            var (faulty, faults, _) = await OpenFaulty();
            faults.Fate = call => call.Request != ArbiterRequest.Change ? ArbiterFate.Prompt : Next(4) switch
            {
                0 => ArbiterFate.RequestLost,
                1 => ArbiterFate.ReplyLost,
                2 => ArbiterFate.Late(TimeSpan.FromMilliseconds(Next(60))),
                _ => ArbiterFate.Prompt,
            };
            arbiters.Add(faulty);
        }

        await Task.WhenAll(arbiters.Select(Claim));
        await Task.WhenAll(arbiters.Select(arbiter => arbiter.SettledAsync(Roles.Bound())));
        Assert.NotEmpty(done);
        Assert.Equal(done.Count, done.Select(change => change.From).Distinct().Count());

        async Task Claim(FaultyArbiter arbiter, int who)
        {
            await Task.Yield();
            for (var i = 0; i < Attempts; i++)
            {
                var read = (await arbiter.ReadAsync(Role, Roles.Bound())).Value;
                var (version, nonce) = (read?.Version ?? RecordVersion.None, Roles.Nonce());
                var outcome = await arbiter.ChangeAsync(Role, version, Roles.Held((read?.Record.Epoch.Number ?? 0) + 1, (ulong)who + 1), nonce, Roles.Soon(30));
                var after = (await arbiter.ReadAsync(Role, Roles.Bound())).Value;
                Assert.False(outcome == ChangeOutcome.Refused && after?.Nonce == nonce, "refused, and yet it stands");
                if (outcome == ChangeOutcome.Done || after?.Nonce == nonce)
                {
                    lock (done)
                    {
                        done.Add((version, nonce));
                    }
                }
            }
        }

        int Next(int below)
        {
            lock (done)
            {
                return (int)(random.NextUInt64() % (ulong)below);
            }
        }
    }

    private async Task<(FaultyArbiter Faulty, ArbiterFaults Faults, IArbiter Other)> OpenFaulty()
    {
        var faults = new ArbiterFaults();
        return (new FaultyArbiter(await Open(), faults, TimeProvider.System), faults, await Open());
    }
}
