namespace Elanus.Coordination.Tests.Conformance;

/// <summary>
/// What every arbiter keeps. Each store has a class that derives from this one and from nothing else; a test uses a role of its own, so that
/// all may run against one store.
/// </summary>
public abstract partial class ArbiterConformance : IAsyncLifetime
{
    private readonly List<IArbiter> opened = [];

    /// <summary>Names that no other test uses; with what must not confuse a store.</summary>
    protected string Role { get; } = $"pair one/{Roles.Nonce()}%";

    /// <summary>Another node's way to the same store.</summary>
    protected abstract Task<IArbiter> OpenAsync();

    /// <summary>Makes the store forget this role, as a store does that was restored from nothing.</summary>
    protected abstract Task ForgetAsync();

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        foreach (var arbiter in opened)
        {
            await arbiter.DisposeAsync();
        }
    }

    [ArbiterFact]
    public async Task Before_the_first_claim_there_is_no_record()
    {
        var arbiter = await Open();
        Assert.Null((await arbiter.ReadAsync(Role, Roles.Bound())).Value);
        Assert.Equal(ChangeOutcome.Refused, await arbiter.ChangeAsync(Role, Roles.Unheard(7), Roles.Held(1, 1), Roles.Nonce(), Roles.Bound()));
        Assert.Equal(ChangeOutcome.Refused, await arbiter.ConfirmAsync(Role, Roles.Unheard(7), Roles.Nonce(), Roles.Bound()));
        Assert.Null((await arbiter.ReadAsync(Role, Roles.Bound())).Value);
    }

    [ArbiterFact]
    public async Task What_was_changed_is_read_by_everybody()
    {
        var (mine, other) = (await Open(), await Open());
        var nonce = Roles.Nonce();
        var record = Roles.Held(1, 1, 2, 3) with { Forced = true };
        Assert.Equal(ChangeOutcome.Done, await mine.ChangeAsync(Role, RecordVersion.None, record, nonce, Roles.Bound()));
        foreach (var arbiter in new[] { mine, other })
        {
            var read = (await arbiter.ReadAsync(Role, Roles.Bound())).Value;
            Assert.NotNull(read);
            Assert.Equal(record, read.Record);
            Assert.Equal(nonce, read.Nonce);
            Assert.True(read.Version.Number > 0);
        }
    }

    [ArbiterFact]
    public async Task Only_the_version_that_stands_can_be_replaced_and_none_comes_twice()
    {
        var (mine, other) = (await Open(), await Open());
        var seen = new List<RecordVersion> { await Claimed(mine, RecordVersion.None, Roles.Held(1, 1)) };
        for (var epoch = 2ul; epoch < 12; epoch++)
        {
            var arbiter = epoch % 2 == 0 ? mine : other;
            foreach (var old in seen[..^1].Append(RecordVersion.None))
            {
                Assert.Equal(ChangeOutcome.Refused, await arbiter.ChangeAsync(Role, old, Roles.Held(99, 9), Roles.Nonce(), Roles.Bound()));
            }

            seen.Add(await Claimed(arbiter, seen[^1], Roles.Held(epoch, epoch)));
        }

        Assert.Equal(seen.Select(version => version.Number).Order().Distinct(), seen.Select(version => version.Number));
    }

    [ArbiterFact]
    public async Task A_change_to_the_same_content_is_a_new_version_and_ends_the_old_one()
    {
        var arbiter = await Open();
        var record = Roles.Held(1, 1);
        var first = await Claimed(arbiter, RecordVersion.None, record);
        var second = await Claimed(arbiter, first, record);
        Assert.True(second.Number > first.Number);
        Assert.Equal(ChangeOutcome.Refused, await arbiter.ChangeAsync(Role, first, record, Roles.Nonce(), Roles.Bound()));
    }

    [ArbiterFact]
    public async Task Of_racing_claimants_exactly_one_takes_each_version()
    {
        const int Claimants = 6;
        const int Rounds = 8;
        var arbiters = new List<IArbiter>();
        for (var i = 0; i < Claimants; i++)
        {
            arbiters.Add(await Open());
        }

        var version = RecordVersion.None;
        for (var round = 0; round < Rounds; round++)
        {
            var claims = arbiters.Select((arbiter, i) => (Arbiter: arbiter, Nonce: Roles.Nonce(), Record: Roles.Held((ulong)round + 1, (ulong)i + 1))).ToList();
            var outcomes = await Task.WhenAll(claims.Select(async claim =>
            {
                await Task.Yield();
                return await claim.Arbiter.ChangeAsync(Role, version, claim.Record, claim.Nonce, Roles.Bound());
            }));
            Assert.DoesNotContain(ChangeOutcome.Unknown, outcomes);
            var winner = Assert.Single(claims.Where((_, i) => outcomes[i] == ChangeOutcome.Done));
            var read = (await arbiters[round % Claimants].ReadAsync(Role, Roles.Bound())).Value!;
            Assert.Equal((winner.Nonce, winner.Record), (read.Nonce, read.Record));
            Assert.True(read.Version.Number > version.Number);
            version = read.Version;
        }
    }

    [ArbiterFact]
    public async Task A_confirmation_holds_for_the_version_that_stands_and_changes_nothing()
    {
        var arbiter = await Open();
        var version = await Claimed(arbiter, RecordVersion.None, Roles.Held(1, 1));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(ChangeOutcome.Done, await arbiter.ConfirmAsync(Role, version, Roles.Nonce(), Roles.Bound()));
        }

        Assert.Equal(version, (await arbiter.ReadAsync(Role, Roles.Bound())).Value!.Version);
        var next = await Claimed(arbiter, version, Roles.Held(2, 2));
        Assert.Equal(ChangeOutcome.Refused, await arbiter.ConfirmAsync(Role, version, Roles.Nonce(), Roles.Bound()));
        Assert.Equal(ChangeOutcome.Done, await arbiter.ConfirmAsync(Role, next, Roles.Nonce(), Roles.Bound()));
    }

    [ArbiterFact]
    public async Task A_number_that_stands_again_for_another_change_is_another_version()
    {
        var (arbiter, other) = (await Open(), await Open());
        var version = await Claimed(arbiter, RecordVersion.None, Roles.Held(1, 1));

        // As one that knew the store before it was restored compares it; whether it has read the record since, or not.
        var gone = version with { Nonce = Roles.Nonce() };
        foreach (var asking in new[] { arbiter, other })
        {
            Assert.Equal(ChangeOutcome.Refused, await asking.ConfirmAsync(Role, gone, Roles.Nonce(), Roles.Bound()));
            Assert.Equal(ChangeOutcome.Refused, await asking.ChangeAsync(Role, gone, Roles.Held(2, 2), Roles.Nonce(), Roles.Bound()));
        }

        Assert.Equal(version, (await other.ReadAsync(Role, Roles.Bound())).Value!.Version);
        Assert.Equal(ChangeOutcome.Done, await other.ConfirmAsync(Role, version, Roles.Nonce(), Roles.Bound()));
    }

    [ArbiterFact]
    public async Task A_holder_that_was_paused_can_neither_change_nor_confirm()
    {
        var (paused, other) = (await Open(), await Open());
        var version = await Claimed(paused, RecordVersion.None, Roles.Held(1, 1, 2));
        Assert.Equal(ChangeOutcome.Done, await paused.ConfirmAsync(Role, version, Roles.Nonce(), Roles.Bound()));
        var taken = await Claimed(other, version, Roles.Held(2, 2));
        Assert.Equal(ChangeOutcome.Refused, await paused.ConfirmAsync(Role, version, Roles.Nonce(), Roles.Bound()));
        Assert.Equal(ChangeOutcome.Refused, await paused.ChangeAsync(Role, version, Roles.Held(1, 1), Roles.Nonce(), Roles.Bound()));
        Assert.Equal(taken, (await paused.ReadAsync(Role, Roles.Bound())).Value!.Version);
    }

    [ArbiterFact]
    public async Task Claims_get_through_while_the_holder_confirms_without_pause()
    {
        var (holder, claimant) = (await Open(), await Open());
        var version = await Claimed(holder, RecordVersion.None, Roles.Held(1, 1));
        var confirmed = 0;
        var confirming = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Confirm()));
        await Roles.Until(() => Task.FromResult(Volatile.Read(ref confirmed)), count => count >= 5);

        // One that others overtook says that it does not know; read back, it is the own nonce, or may be tried again.
        var next = Roles.Held(2, 2);
        var nonce = Roles.Nonce();
        await Roles.Until(
            async () =>
            {
                nonce = (await claimant.ReadAsync(Role, Roles.Bound())).Value?.Nonce == nonce ? nonce : Roles.Nonce();
                return await claimant.ChangeAsync(Role, version, next, nonce, Roles.Bound());
            },
            outcome => outcome != ChangeOutcome.Unknown);
        Assert.Equal(next, (await claimant.ReadAsync(Role, Roles.Bound())).Value?.Record);
        Assert.All(await confirming, outcome => Assert.Equal(ChangeOutcome.Refused, outcome));

        async Task<ChangeOutcome> Confirm()
        {
            await Task.Yield();
            ChangeOutcome outcome;
            while ((outcome = await holder.ConfirmAsync(Role, version, Roles.Nonce(), Roles.Bound())) == ChangeOutcome.Done)
            {
                Interlocked.Increment(ref confirmed);
            }

            return outcome;
        }
    }

    [ArbiterFact]
    public async Task Roles_know_nothing_of_each_other()
    {
        var arbiter = await Open();
        var version = await Claimed(arbiter, RecordVersion.None, Roles.Held(1, 1));
        foreach (var other in new[] { Role + "/x", Role[..^1] })
        {
            Assert.Null((await arbiter.ReadAsync(other, Roles.Bound())).Value);
            Assert.Equal(ChangeOutcome.Done, await arbiter.ChangeAsync(other, RecordVersion.None, Roles.Held(5, 5), Roles.Nonce(), Roles.Bound()));
            Assert.True((await arbiter.AnnounceAsync(other, new(Roles.Epoch(5), new(5), 1), TimeSpan.FromSeconds(10), Roles.Bound())).Succeeded);
        }

        Assert.Equal(version, (await arbiter.ReadAsync(Role, Roles.Bound())).Value!.Version);
        Assert.Null((await arbiter.ReadAliveAsync(Role, Roles.Bound())).Value);
    }

    [ArbiterFact]
    public async Task A_store_that_lost_its_memory_says_what_it_has_and_bears_no_old_version()
    {
        var (old, fresh) = (await Open(), await Open());
        var version = RecordVersion.None;
        for (var epoch = 1ul; epoch <= 5; epoch++)
        {
            version = await Claimed(old, version, Roles.Held(epoch, 1));
        }

        await ForgetAsync();
        Assert.Null((await old.ReadAsync(Role, Roles.Bound())).Value);
        Assert.Null((await fresh.ReadAsync(Role, Roles.Bound())).Value);
        Assert.Equal(ChangeOutcome.Refused, await old.ConfirmAsync(Role, version, Roles.Nonce(), Roles.Bound()));
        Assert.Equal(ChangeOutcome.Refused, await old.ChangeAsync(Role, version, Roles.Held(6, 1), Roles.Nonce(), Roles.Bound()));
        var anew = Roles.Held(1, 2);
        await Claimed(fresh, RecordVersion.None, anew);
        Assert.Equal(anew, (await old.ReadAsync(Role, Roles.Bound())).Value!.Record);
        Assert.Equal(ChangeOutcome.Refused, await old.ConfirmAsync(Role, version, Roles.Nonce(), Roles.Bound()));
    }

    [ArbiterFact]
    public async Task Of_proposals_for_a_value_one_is_kept_for_good()
    {
        var arbiters = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Open()));
        var answers = await Task.WhenAll(arbiters.Select(async (arbiter, i) =>
        {
            await Task.Yield();
            return (await arbiter.ValueAsync(Role, "cluster.token", $"secret {i}\n\"ü", Roles.Bound())).Value;
        }));
        var kept = Assert.Single(answers.Distinct());
        Assert.Contains(kept, Enumerable.Range(0, 5).Select(i => $"secret {i}\n\"ü"));
        Assert.Equal(kept, (await arbiters[0].ValueAsync(Role, "cluster.token", "late", Roles.Bound())).Value);
        Assert.Equal("another", (await arbiters[1].ValueAsync(Role, "other", "another", Roles.Bound())).Value);
        Assert.Null((await arbiters[2].ReadAsync(Role, Roles.Bound())).Value);
    }

    protected async Task<IArbiter> Open()
    {
        var arbiter = await OpenAsync();
        lock (opened)
        {
            opened.Add(arbiter);
        }

        return arbiter;
    }

    /// <summary>Changes the record and answers its new version.</summary>
    protected async Task<RecordVersion> Claimed(IArbiter arbiter, RecordVersion version, RoleRecord next)
    {
        Assert.Equal(ChangeOutcome.Done, await arbiter.ChangeAsync(Role, version, next, Roles.Nonce(), Roles.Bound()));
        var read = (await arbiter.ReadAsync(Role, Roles.Bound())).Value;
        Assert.Equal(next, read?.Record);
        return read!.Version;
    }
}
