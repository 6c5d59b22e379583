using Elanus.Clients.Etcd;
using Elanus.Clients.Etcd.Wire;
using Elanus.Coordination.Tests.Conformance;
using Elanus.Coordination.Tests.Tls;
using Elanus.Rpc.Hosting;

namespace Elanus.Coordination.Tests.Etcd;

/// <summary>A cluster that asks for TLS and for a user.</summary>
public sealed class EtcdAccessTests
{
    [ProgramFact("etcd")]
    public async Task Certificates_users_and_passwords_are_checked_and_what_is_wrong_is_said()
    {
        const string Role = "role";
        using var authority = new Authority();
        using var cluster = new EtcdCluster(1, authority.Certificate, authority.Key);
        var secured = cluster.Options with { Tls = true, AuthorityPem = authority.Pem };
        await cluster.Ready(secured);
        await AskForUsers(cluster, RpcClientTls.Load(authority.Pem).Value);

        var address = ArbiterAddress.Parse($"etcd://root:pa%20ss%3Aw%40rd@{cluster.Endpoints[0]}/some/prefix?ca={authority.Pem}").Value;
        await using var arbiter = address.Open(new RealFileSystem(), TimeProvider.System, new SystemRandom()).Value;
        await Roles.Until(async () => await arbiter.ReadAsync(Role, Roles.Bound()), read => read.Succeeded);
        Assert.Equal(ChangeOutcome.Done, await arbiter.ChangeAsync(Role, RecordVersion.None, Roles.Held(1, 1), Roles.Nonce(), Roles.Bound()));
        var version = (await arbiter.ReadAsync(Role, Roles.Bound())).Value!.Version;
        Assert.True((await arbiter.AnnounceAsync(Role, new(Roles.Epoch(1), new(1), 1), TimeSpan.FromSeconds(5), Roles.Bound())).Succeeded);
        Assert.NotNull((await arbiter.ReadAliveAsync(Role, Roles.Bound())).Value);
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using var watch = arbiter.WatchAsync(Role, end.Token).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());

        Assert.Contains("invalid user ID or password", await Said(secured with { User = "root", Password = "wrong" }), StringComparison.Ordinal);
        Assert.Contains("user name is empty", await Said(secured), StringComparison.Ordinal);
        Assert.Contains("permission denied", await Said(secured with { User = "guest", Password = "guest" }), StringComparison.Ordinal);

        using var stranger = new Authority();
        Assert.Contains("certificate", await Said(secured with { AuthorityPem = stranger.Pem, User = "root", Password = "pa ss:w@rd" }), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(ChangeOutcome.Done, await arbiter.ConfirmAsync(Role, version, Roles.Nonce(), Roles.Bound()));

        // A member that restarted knows no token any more; it refuses the call before anything is done, and the call goes out again with a new one.
        cluster.Restart(0);
        await Roles.Until(async () => await arbiter.ConfirmAsync(Role, version, Roles.Nonce(), Roles.Bound()), outcome => outcome == ChangeOutcome.Done);
        Assert.Equal(version, (await arbiter.ReadAsync(Role, Roles.Bound())).Value!.Version);

        async Task<string> Said(EtcdOptions options)
        {
            await using var wrong = EtcdCluster.Arbiter(options);
            Assert.Equal(ChangeOutcome.Unknown, await wrong.ChangeAsync(Role, RecordVersion.None, Roles.Held(9, 9), Roles.Nonce(), Roles.Bound()));
            Assert.Contains(options.Endpoints[0], wrong.WhyUnknown?.Sentence, StringComparison.Ordinal);
            var sentence = (await wrong.ReadAsync(Role, Roles.Bound())).Failure?.Sentence ?? "";
            Assert.DoesNotContain("pa ss", sentence, StringComparison.Ordinal);
            return sentence;
        }
    }

    [ProgramFact("etcd")]
    public async Task A_cluster_may_ask_for_a_certificate_of_ours()
    {
        using var authority = new Authority();
        using var cluster = new EtcdCluster(1, authority.Certificate, authority.Key, authority.Pem);
        var shown = cluster.Options with { Tls = true, AuthorityPem = authority.Pem, CertificatePem = authority.Certificate, KeyPem = authority.Key };
        await cluster.Ready(shown);
        var address = ArbiterAddress.Parse($"etcd://{cluster.Endpoints[0]}?ca={authority.Pem}&cert={authority.Certificate}&key={authority.Key}").Value;
        await using var arbiter = address.Open(new RealFileSystem(), TimeProvider.System, new SystemRandom()).Value;
        await Roles.Until(async () => await arbiter.ReadAsync("role", Roles.Bound()), read => read.Succeeded);
        Assert.Equal(ChangeOutcome.Done, await arbiter.ChangeAsync("role", RecordVersion.None, Roles.Held(1, 1), Roles.Nonce(), Roles.Bound()));

        await using var silent = EtcdCluster.Arbiter(shown with { CertificatePem = null, KeyPem = null });
        Assert.Equal(ChangeOutcome.Unknown, await silent.ChangeAsync("role", RecordVersion.None, Roles.Held(9, 9), Roles.Nonce(), Roles.Bound()));
        Assert.Contains(cluster.Endpoints[0], (await silent.ReadAsync("role", Roles.Bound())).Failure?.Sentence, StringComparison.Ordinal);
    }

    [ProgramFact("etcd")]
    public async Task A_member_that_hangs_at_the_login_is_passed_over()
    {
        using var cluster = await new EtcdCluster(3).Ready();
        await AskForUsers(cluster, tls: null);
        var hung = (await cluster.Leader() + 1) % 3;
        var others = cluster.Endpoints.Where((_, i) => i != hung).ToArray();
        var options = cluster.Options with { User = "root", Password = "pa ss:w@rd" };
        await using var healthy = EtcdCluster.Arbiter(options with { Endpoints = [.. others] });
        await Roles.Until(async () => await healthy.ReadAsync("role", Roles.Bound()), read => read.Succeeded);
        cluster.Members[hung].Stop();
        await using var arbiter = EtcdCluster.Arbiter(options with { Endpoints = [cluster.Endpoints[hung], .. others] });
        using var end = new CancellationTokenSource();
        var watching = Watch();
        try
        {
            // Its login at the member that hangs, and the watch's, last longer than this.
            Assert.True((await arbiter.ReadAsync("role", Roles.Bound(10))).Succeeded);
        }
        finally
        {
            cluster.Members[hung].Continue();
        }

        await end.CancelAsync();
        await watching;

        async Task Watch()
        {
            await foreach (var _ in arbiter.WatchAsync("role", end.Token))
            {
                // What it says does not matter.
            }
        }
    }

    private static async Task AskForUsers(EtcdCluster cluster, RpcClientTls? tls)
    {
        Assert.NotNull(await cluster.Ask(0, "Auth", "UserAdd", new AuthUserAddRequest { Name = "root", Password = "pa ss:w@rd" }, AuthUserAddResponse.Parser, tls));
        Assert.NotNull(await cluster.Ask(0, "Auth", "RoleAdd", new AuthRoleAddRequest { Name = "root" }, AuthRoleAddResponse.Parser, tls));
        Assert.NotNull(await cluster.Ask(0, "Auth", "UserGrantRole", new AuthUserGrantRoleRequest { User = "root", Role = "root" }, AuthUserGrantRoleResponse.Parser, tls));
        Assert.NotNull(await cluster.Ask(0, "Auth", "UserAdd", new AuthUserAddRequest { Name = "guest", Password = "guest" }, AuthUserAddResponse.Parser, tls));
        Assert.NotNull(await cluster.Ask(0, "Auth", "AuthEnable", new AuthEnableRequest(), AuthEnableResponse.Parser, tls));
    }
}
