using System.Diagnostics;
using System.Text;
using Elanus.Clients.Etcd;
using Elanus.Coordination.Tests.Conformance;

namespace Elanus.Coordination.Tests.Etcd;

/// <summary>Members that die, hang and lose their words. Every call ends within its bound and says no more than what is known.</summary>
[Collection(SharedEtcd.Name)]
public sealed class EtcdFaultTests(SharedEtcd etcd)
{
    private readonly string role = $"faults-{Roles.Nonce()}";

    [ProgramFact("etcd")]
    public async Task The_leader_is_killed_and_another_answers()
    {
        using var cluster = await new EtcdCluster(3).Ready();
        await using var arbiter = EtcdCluster.Arbiter(cluster.Options);
        var version = await Claim(arbiter, RecordVersion.None, 1);
        cluster.Members[await cluster.Leader()].Kill();
        var watch = Stopwatch.StartNew();
        var read = await Roles.Until(async () => await arbiter.ReadAsync(role, Roles.Bound(3)), read => read.Succeeded);
        Assert.Equal(version, read.Value!.Version);
        // What was under way may be unknown; it is settled by reading and claimed anew, and the versions are one chain.
        for (var epoch = 2ul; epoch < 5;)
        {
            var nonce = Roles.Nonce();
            var outcome = await arbiter.ChangeAsync(role, version, Roles.Held(epoch, epoch), nonce, Roles.Bound(3));
            var now = (await Roles.Until(async () => await arbiter.ReadAsync(role, Roles.Bound(3)), read => read.Succeeded)).Value!;
            Assert.True(outcome != ChangeOutcome.Done || now.Nonce == nonce);
            Assert.True(outcome != ChangeOutcome.Refused || now.Nonce != nonce);
            Assert.True(now.Version.Number > version.Number || outcome != ChangeOutcome.Done);
            epoch += now.Version.Number > version.Number ? 1ul : 0;
            version = now.Version;
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }

    [ProgramFact("etcd")]
    public async Task A_member_that_hangs_is_passed_over_by_reads_and_changes_alike()
    {
        var cluster = await etcd.Cluster;
        var hung = (await cluster.Leader() + 1) % 3;
        var hungFirst = cluster.Options with { AttemptTimeout = TimeSpan.FromSeconds(30), Endpoints = [cluster.Endpoints[hung], .. cluster.Endpoints.Where((_, i) => i != hung)] };
        await using var changing = EtcdCluster.Arbiter(hungFirst);
        await using var confirming = EtcdCluster.Arbiter(hungFirst);
        await using var reading = EtcdCluster.Arbiter(hungFirst);
        var version = await Claim(changing, RecordVersion.None, 1);
        Assert.Equal(version, (await confirming.ReadAsync(role, Roles.Bound())).Value!.Version);
        Assert.Equal(version, (await reading.ReadAsync(role, Roles.Bound())).Value!.Version);
        cluster.Members[hung].Stop();
        try
        {
            Assert.Equal(ChangeOutcome.Done, await confirming.ConfirmAsync(role, version, Roles.Nonce(), Roles.Bound(10)));
            Assert.Equal(version, (await reading.ReadAsync(role, Roles.Bound(10))).Value!.Version);
            Assert.Equal(ChangeOutcome.Done, await changing.ChangeAsync(role, version, Roles.Held(2, 2), Roles.Nonce(), Roles.Bound(10)));
            version = (await changing.ReadAsync(role, Roles.Bound(10))).Value!.Version;
        }
        finally
        {
            cluster.Members[hung].Continue();
        }

        // What the member held back arrives now, if at all, and finds another version.
        await using var other = EtcdCluster.Arbiter(cluster.Options with { Endpoints = [cluster.Endpoints[hung]] });
        Assert.Equal(version, (await Roles.Until(async () => await other.ReadAsync(role, Roles.Bound()), read => read.Succeeded)).Value!.Version);
    }

    [ProgramFact("etcd")]
    public async Task A_change_that_a_silent_member_took_is_known_by_its_nonce_and_unknown_behind_anothers_change()
    {
        var cluster = await etcd.Cluster;
        using var proxy = new StallingProxy(int.Parse(cluster.Endpoints[0].Split(':')[1]));
        var options = cluster.Options with { Endpoints = [$"127.0.0.1:{proxy.Port}", cluster.Endpoints[1]], HedgeAfter = TimeSpan.FromSeconds(3) };
        var version = RecordVersion.None;
        foreach (var overtaken in new[] { false, true })
        {
            await using var arbiter = EtcdCluster.Arbiter(options);
            await using var other = EtcdCluster.Arbiter(cluster.Options with { Endpoints = [cluster.Endpoints[2]] });
            version = await Claim(arbiter, version, 1);
            proxy.SwallowsReplies = true;
            var nonce = Roles.Nonce();
            var change = arbiter.ChangeAsync(role, version, Roles.Held(2, 2), nonce, Roles.Bound()).AsTask();
            var read = await Roles.Until(async () => await other.ReadAsync(role, Roles.Bound()), read => read.Value?.Nonce == nonce);
            if (overtaken)
            {
                Assert.False(change.IsCompleted, "the second member was asked before the record was changed again: this machine is too slow for this test's three seconds");
                Assert.Equal(ChangeOutcome.Done, await other.ChangeAsync(role, read.Value!.Version, Roles.Held(3, 3), Roles.Nonce(), Roles.Bound()));
            }

            Assert.Equal(overtaken ? ChangeOutcome.Unknown : ChangeOutcome.Done, await change);
            proxy.SwallowsReplies = false;
            version = (await other.ReadAsync(role, Roles.Bound())).Value!.Version;
        }
    }

    [ProgramFact("etcd")]
    public async Task A_cluster_that_hangs_is_unknown_and_settled_when_it_goes_on()
    {
        var cluster = await etcd.Cluster;
        await using var arbiter = EtcdCluster.Arbiter(cluster.Options);
        var version = await Claim(arbiter, RecordVersion.None, 1);
        var (late, lateConfirmation) = (Roles.Nonce(), Roles.Nonce());
        Array.ForEach(cluster.Members, member => member.Stop());
        try
        {
            var watch = Stopwatch.StartNew();
            Assert.Equal(ChangeOutcome.Unknown, await arbiter.ConfirmAsync(role, version, lateConfirmation, Roles.Soon(200)));
            Assert.Equal(ChangeOutcome.Unknown, await arbiter.ChangeAsync(role, version, Roles.Held(2, 2), late, Roles.Soon(200)));
            foreach (var failure in new[]
            {
                (await arbiter.ReadAsync(role, Roles.Soon(200))).Failure,
                (await arbiter.ReadAliveAsync(role, Roles.Soon(200))).Failure,
                (await arbiter.AnnounceAsync(role, new(Roles.Epoch(1), new(1), 1), TimeSpan.FromSeconds(2), Roles.Soon(200))).Failure,
                (await arbiter.ValueAsync(role, "v", "x", Roles.Soon(200))).Failure,
            })
            {
                Assert.Equal(FailureCode.Unavailable, failure?.Code);
                Assert.Contains(cluster.Endpoints[0], failure!.Sentence, StringComparison.Ordinal);
            }

            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
        }
        finally
        {
            Array.ForEach(cluster.Members, member => member.Continue());
        }

        Assert.True((await Moved(arbiter, version, late)).Number > version.Number);
    }

    [ProgramFact("etcd")]
    public async Task A_reply_that_the_network_loses_leaves_the_change_done_and_unknown()
    {
        var cluster = await etcd.Cluster;
        using var proxy = new StallingProxy(int.Parse(cluster.Endpoints[0].Split(':')[1]));
        await using var arbiter = EtcdCluster.Arbiter(cluster.Options with { Endpoints = [$"127.0.0.1:{proxy.Port}", cluster.Endpoints[1]], HedgeAfter = TimeSpan.FromMinutes(1) });
        var version = await Claim(arbiter, RecordVersion.None, 1);
        proxy.SwallowsReplies = true;
        var nonce = Roles.Nonce();
        using var patience = new CancellationTokenSource();
        var change = arbiter.ChangeAsync(role, version, Roles.Held(2, 2), nonce, patience.Token).AsTask();
        await Roles.Until(() => Task.FromResult(proxy.Swallowed), bytes => bytes > 0);
        await patience.CancelAsync();
        Assert.Equal(ChangeOutcome.Unknown, await change);
        Assert.Equal(nonce, (await arbiter.ReadAsync(role, Roles.Bound())).Value!.Nonce);
    }

    [ProgramFact("etcd")]
    public async Task A_member_that_is_not_there_is_passed_over_even_by_transactions()
    {
        var cluster = await etcd.Cluster;
        var nobody = $"127.0.0.1:{Ports.Free(1)[0]}";
        await using var arbiter = EtcdCluster.Arbiter(cluster.Options with { Endpoints = [nobody, nobody, cluster.Endpoints[2]] });
        Assert.Equal(ChangeOutcome.Done, await arbiter.ChangeAsync(role, RecordVersion.None, Roles.Held(1, 1), Roles.Nonce(), Roles.Bound()));

        await using var alone = EtcdCluster.Arbiter(cluster.Options with { Endpoints = [nobody] });
        Assert.Equal(ChangeOutcome.Unknown, await alone.ChangeAsync(role, RecordVersion.None, Roles.Held(1, 1), Roles.Nonce(), Roles.Bound()));
        Assert.Contains(nobody, (await alone.ReadAsync(role, Roles.Bound())).Failure?.Sentence, StringComparison.Ordinal);
        await using var client = EtcdClient.Create(cluster.Options with { Endpoints = [nobody] }).Value;
        Assert.Equal(EtcdOutcome.Failed, (await client.CommitAsync(new EtcdTransaction().Put("x", new byte[1]), Roles.Bound())).Outcome);
    }

    [ProgramFact("etcd")]
    public async Task A_watch_outlives_the_member_that_it_asked()
    {
        using var cluster = await new EtcdCluster(3).Ready();
        var leader = await cluster.Leader();
        var first = (leader + 1) % 3;
        await using var watcher = EtcdCluster.Arbiter(cluster.Options with { Endpoints = [cluster.Endpoints[first], .. cluster.Endpoints.Where((_, i) => i != first)] });
        await using var arbiter = EtcdCluster.Arbiter(cluster.Options with { Endpoints = [cluster.Endpoints[leader]] });
        using var end = new CancellationTokenSource();
        var signals = 0;
        var watching = Watch();
        await Roles.Until(() => Task.FromResult(Volatile.Read(ref signals)), count => count > 0);
        cluster.Members[first].Kill();
        var before = Volatile.Read(ref signals);
        await Roles.Until(() => Task.FromResult(Volatile.Read(ref signals)), count => count > before);
        before = Volatile.Read(ref signals);
        await Claim(arbiter, RecordVersion.None, 1);
        await Roles.Until(() => Task.FromResult(Volatile.Read(ref signals)), count => count > before);
        await end.CancelAsync();
        await watching;
        Assert.True(watching.IsCompletedSuccessfully);

        async Task Watch()
        {
            await foreach (var _ in watcher.WatchAsync(role, end.Token))
            {
                Interlocked.Increment(ref signals);
            }
        }
    }

    [ProgramFact("etcd")]
    public async Task Nonsense_under_the_key_is_a_sentence_that_names_it()
    {
        var cluster = await etcd.Cluster;
        await using var arbiter = EtcdCluster.Arbiter(cluster.Options);
        await using var client = EtcdClient.Create(cluster.Options).Value;
        foreach (var nonsense in new[] { "hello", "{}", "{\"format\":1}", "{\"format\":1,\"epoch\":-1,\"claim\":\"x\"}", "[]", "null", "{\"format\":7}" })
        {
            Assert.Equal(EtcdOutcome.Done, (await client.CommitAsync(new EtcdTransaction().Put($"elanus/{role}/record", Encoding.UTF8.GetBytes(nonsense)), Roles.Bound())).Outcome);
            var failure = (await arbiter.ReadAsync(role, Roles.Bound())).Failure;
            Assert.Equal(FailureCode.Unexpected, failure?.Code);
            Assert.Contains($"elanus/{role}/record", failure!.Sentence, StringComparison.Ordinal);
        }

        Assert.Equal(ChangeOutcome.Refused, await arbiter.ChangeAsync(role, RecordVersion.None, Roles.Held(1, 1), Roles.Nonce(), Roles.Bound()));
    }

    /// <summary>A change whose outcome is unknown is open until the version moves, by itself or by another's. The new version.</summary>
    private async Task<RecordVersion> Moved(EtcdArbiter arbiter, RecordVersion version, ChangeNonce late)
    {
        var mine = Roles.Nonce();
        var read = await Roles.Until(
            async () =>
            {
                await arbiter.ChangeAsync(role, version, Roles.Held(3, 3), mine, Roles.Bound(5));
                return await arbiter.ReadAsync(role, Roles.Bound(5));
            },
            read => read.Succeeded && read.Value!.Version.Number > version.Number);
        Assert.True(read.Value!.Nonce == late || read.Value.Nonce == mine);
        return read.Value.Version;
    }

    private async Task<RecordVersion> Claim(EtcdArbiter arbiter, RecordVersion version, ulong epoch)
    {
        Assert.Equal(ChangeOutcome.Done, await arbiter.ChangeAsync(role, version, Roles.Held(epoch, epoch), Roles.Nonce(), Roles.Bound()));
        return (await arbiter.ReadAsync(role, Roles.Bound())).Value!.Version;
    }
}
