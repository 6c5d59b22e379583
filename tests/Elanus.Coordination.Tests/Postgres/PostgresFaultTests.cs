using System.Diagnostics;
using Elanus.Clients.Postgres;
using Elanus.Coordination.Tests.Conformance;

namespace Elanus.Coordination.Tests.Postgres;

/// <summary>A server that hangs, dies, refuses and holds nonsense.</summary>
[Collection(SharedPostgres.Name)]
public sealed class PostgresFaultTests(SharedPostgres postgres)
{
    private readonly string role = $"faults-{Roles.Nonce()}";

    [ProgramFact("postgres")]
    public async Task A_reply_that_the_network_loses_leaves_the_change_done_and_unknown()
    {
        var server = await postgres.Server;
        using var proxy = new StallingProxy(server.Port);
        await using var arbiter = PostgresServer.Arbiter(server.Options with { Port = proxy.Port });
        var version = await Claim(arbiter, RecordVersion.None, 1);
        proxy.SwallowsReplies = true;
        var nonce = Roles.Nonce();
        using var patience = new CancellationTokenSource();
        var change = arbiter.ChangeAsync(role, version, Roles.Held(2, 2), nonce, patience.Token).AsTask();
        await Roles.Until(() => Task.FromResult(proxy.Swallowed), bytes => bytes > 0);
        var watch = Stopwatch.StartNew();
        await patience.CancelAsync();
        Assert.Equal(ChangeOutcome.Unknown, await change);
        Assert.Equal(ChangeOutcome.Unknown, await arbiter.ConfirmAsync(role, version, Roles.Nonce(), Roles.Soon()));
        Assert.Equal(FailureCode.Unavailable, (await arbiter.ReadAsync(role, Roles.Soon())).Failure?.Code);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3), $"{watch.Elapsed}");

        proxy.SwallowsReplies = false;
        await using var other = PostgresServer.Arbiter(server.Options);
        Assert.Equal(nonce, (await other.ReadAsync(role, Roles.Bound())).Value!.Nonce);
        Assert.Equal(nonce, (await Roles.Until(async () => await arbiter.ReadAsync(role, Roles.Bound()), read => read.Succeeded)).Value!.Nonce);
    }

    [ProgramFact("postgres")]
    public async Task A_server_that_died_or_was_never_there_is_named()
    {
        using var server = await new PostgresServer().Ready();
        await using var arbiter = PostgresServer.Arbiter(server.Options);
        var version = await Claim(arbiter, RecordVersion.None, 1);
        server.Kill();
        Assert.Equal(ChangeOutcome.Unknown, await arbiter.ChangeAsync(role, version, Roles.Held(2, 2), Roles.Nonce(), Roles.Bound()));
        var failure = (await arbiter.ReadAsync(role, Roles.Bound())).Failure;
        Assert.Equal(FailureCode.Unavailable, failure?.Code);
        Assert.Contains($"postgres://127.0.0.1:{server.Port}/postgres", failure!.Sentence, StringComparison.Ordinal);
    }

    [ProgramFact("postgres")]
    public async Task Wrong_credentials_and_databases_are_sentences_without_the_password()
    {
        var server = await postgres.Server;
        foreach (var (options, said) in new[]
        {
            (server.Options with { Password = "not this one" }, "password authentication failed"),
            (server.Options with { Database = "nowhere" }, "\"nowhere\" does not exist"),
            (server.Options with { Tls = PostgresTls.Require }, "SSL"),
        })
        {
            await using var arbiter = PostgresServer.Arbiter(options);
            Assert.Equal(ChangeOutcome.Unknown, await arbiter.ChangeAsync(role, RecordVersion.None, Roles.Held(1, 1), Roles.Nonce(), Roles.Bound()));
            Assert.Contains(said, arbiter.WhyUnknown?.Sentence, StringComparison.Ordinal);
            var sentence = (await arbiter.ReadAsync(role, Roles.Bound())).Failure?.Sentence;
            Assert.Contains(said, sentence, StringComparison.Ordinal);
            Assert.DoesNotContain(options.Password!, sentence, StringComparison.Ordinal);
        }
    }

    [ProgramFact("postgres")]
    public async Task A_role_that_was_removed_by_hand_does_not_bring_a_version_back()
    {
        var server = await postgres.Server;
        await using var arbiter = PostgresServer.Arbiter(server.Options);
        await using var client = new PostgresClient(server.Options);
        var version = await Claim(arbiter, RecordVersion.None, 1);
        Assert.Null((await client.ExecuteAsync("DELETE FROM elanus_role WHERE role = $1", [role], Roles.Bound())).Failure);
        Assert.True((await Claim(arbiter, RecordVersion.None, 1)).Number > version.Number);
    }

    [ProgramFact("postgres")]
    public async Task Nonsense_in_the_row_is_a_sentence_that_names_it()
    {
        var server = await postgres.Server;
        await using var arbiter = PostgresServer.Arbiter(server.Options);
        await using var client = new PostgresClient(server.Options);
        await Claim(arbiter, RecordVersion.None, 1);
        Assert.Null((await client.ExecuteAsync("UPDATE elanus_role SET record = 'hello' WHERE role = $1", [role], Roles.Bound())).Failure);
        var failure = (await arbiter.ReadAsync(role, Roles.Bound())).Failure;
        Assert.Equal(FailureCode.Unexpected, failure?.Code);
        Assert.Contains(role, failure!.Sentence, StringComparison.Ordinal);
    }

    private async Task<RecordVersion> Claim(PostgresArbiter arbiter, RecordVersion version, ulong epoch)
    {
        Assert.Equal(ChangeOutcome.Done, await arbiter.ChangeAsync(role, version, Roles.Held(epoch, epoch), Roles.Nonce(), Roles.Bound()));
        return (await arbiter.ReadAsync(role, Roles.Bound())).Value!.Version;
    }
}
