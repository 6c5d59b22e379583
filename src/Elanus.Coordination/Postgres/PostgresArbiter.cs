using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using Elanus.Clients.Postgres;

namespace Elanus.Coordination;

/// <summary>
/// The arbiter in PostgreSQL: a row a role, versions from a sequence, so that a row that was removed by hand does not bring one back. Each change and confirmation is one
/// statement, which is one transaction. A server with standbys must replicate synchronously, else its failover is a loss of memory. Any thread may call it.
/// </summary>
public sealed class PostgresArbiter(PostgresClient client, IRandomSource random) : IArbiter
{
    /// <summary>One payload for all roles of a database; the names stand in it.</summary>
    private const string Channel = "elanus";

    private const string Insert =
        "WITH changed AS (INSERT INTO elanus_role (role, version, record) VALUES ($1, nextval('elanus_version'), $2) "
        + "ON CONFLICT (role) DO NOTHING RETURNING role) SELECT pg_notify('elanus', role) FROM changed";

    // Of concurrent updates of one version the second waits for the first and then finds another version.
    private const string Update =
        "WITH changed AS (UPDATE elanus_role SET version = nextval('elanus_version'), record = $2 WHERE role = $1 AND version = $3 AND lower(record::json ->> 'nonce') = $4 RETURNING role) "
        + "SELECT pg_notify('elanus', role) FROM changed";

    // The statement's snapshot is taken after the call and before its answer, which is all that a confirmation says; that it writes is the proof that the server is a
    // primary. It takes no lock on the record, so that confirmations in any number do not keep a claimant waiting.
    private const string Confirmation =
        "WITH held AS (SELECT role FROM elanus_role WHERE role = $1 AND version = $2 AND lower(record::json ->> 'nonce') = $4) "
        + "INSERT INTO elanus_confirmation (role, nonce, at) SELECT role, $3, now() FROM held "
        + "ON CONFLICT (role) DO UPDATE SET nonce = excluded.nonce, at = excluded.at RETURNING 1";

    private const string Announcement =
        "WITH alive AS (INSERT INTO elanus_alive (role, epoch, note, expires) VALUES ($1, $2, $3, clock_timestamp() + $4 * interval '1 millisecond') "
        + "ON CONFLICT (role) DO UPDATE SET epoch = excluded.epoch, note = excluded.note, expires = excluded.expires RETURNING role) "
        + "SELECT pg_notify('elanus', role) FROM alive";

    private const string Withdrawal =
        "WITH gone AS (DELETE FROM elanus_alive WHERE role = $1 AND epoch = $2 RETURNING role) SELECT pg_notify('elanus', role) FROM gone";

    private const string Proposal = "INSERT INTO elanus_value (role, name, value) VALUES ($1, $2, $3) ON CONFLICT (role, name) DO NOTHING RETURNING value";

    // Two that make the tables at the same time would refuse each other.
    private const string Tables =
        "DO $$ BEGIN PERFORM pg_advisory_xact_lock(4985279381); "
        + "CREATE SEQUENCE IF NOT EXISTS elanus_version; "
        + "CREATE TABLE IF NOT EXISTS elanus_role (role text PRIMARY KEY, version bigint NOT NULL, record text NOT NULL); "
        + "CREATE TABLE IF NOT EXISTS elanus_confirmation (role text PRIMARY KEY, nonce text NOT NULL, at timestamptz NOT NULL); "
        + "CREATE TABLE IF NOT EXISTS elanus_alive (role text PRIMARY KEY, epoch text NOT NULL, note text NOT NULL, expires timestamptz NOT NULL); "
        + "CREATE TABLE IF NOT EXISTS elanus_value (role text NOT NULL, name text NOT NULL, value text NOT NULL, PRIMARY KEY (role, name)); "
        + "END $$";

    private const string UndefinedTable = "42P01";

    public string Name => client.Name;

    public Failure? WhyUnknown { get; private set; }

    public async ValueTask<Result<StoredRecord?>> ReadAsync(string role, CancellationToken cancel)
    {
        var answer = await Execute("SELECT version, record FROM elanus_role WHERE role = $1", [role], cancel);
        return answer.Failure is { } why ? why
            : answer.Rows is not [var row] ? Result<StoredRecord?>.Ok(null)
            : RecordText.Stored(Encoding.UTF8.GetBytes((string)row[1]!), (long)row[0]!, $"the row of role {role} in elanus_role at {Name}").TryGet(out var stored, out why) ? stored
            : why;
    }

    public async ValueTask<ChangeOutcome> ChangeAsync(string role, RecordVersion version, RoleRecord next, ChangeNonce nonce, CancellationToken cancel)
    {
        var record = Encoding.UTF8.GetString(RecordText.Of(next, nonce));
        return Outcome(version == RecordVersion.None ? await Execute(Insert, [role, record], cancel) : await Execute(Update, [role, record, version.Number, version.Nonce.ToString()], cancel));
    }

    public async ValueTask<ChangeOutcome> ConfirmAsync(string role, RecordVersion version, ChangeNonce nonce, CancellationToken cancel) =>
        Outcome(await Execute(Confirmation, [role, version.Number, nonce.ToString(), version.Nonce.ToString()], cancel));

    public async ValueTask<Result<Unit>> AnnounceAsync(string role, AliveNote note, TimeSpan lifetime, CancellationToken cancel)
    {
        var text = Encoding.UTF8.GetString(RecordText.Of(note, new(random.NextUInt64(), random.NextUInt64()), lifetime));
        return Done(await Execute(Announcement, [role, Text(note.Epoch), text, lifetime.TotalMilliseconds], cancel));
    }

    public async ValueTask<Result<Unit>> WithdrawAsync(string role, Epoch epoch, CancellationToken cancel) =>
        Done(await Execute(Withdrawal, [role, Text(epoch)], cancel));

    public async ValueTask<Result<AliveNote?>> ReadAliveAsync(string role, CancellationToken cancel)
    {
        // The database's clock alone sets and judges the expiry.
        var answer = await Execute("SELECT note FROM elanus_alive WHERE role = $1 AND expires > clock_timestamp()", [role], cancel);
        return answer.Failure is { } why ? why
            : answer.Rows is not [var row] ? Result<AliveNote?>.Ok(null)
            : RecordText.Alive(Encoding.UTF8.GetBytes((string)row[0]!), $"the row of role {role} in elanus_alive at {Name}").TryGet(out var hint, out why) ? hint.Note
            : why;
    }

    public async IAsyncEnumerable<Unit> WatchAsync(string role, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var told in client.ListenAsync(Channel, cancel))
        {
            if (told.Length == 0 || told == role)
            {
                yield return default;
            }
        }
    }

    public async ValueTask<Result<string>> ValueAsync(string role, string name, string proposed, CancellationToken cancel)
    {
        var answer = await Execute(Proposal, [role, name, proposed], cancel);
        if (answer is { Failure: null, Rows: [] })
        {
            answer = await Execute("SELECT value FROM elanus_value WHERE role = $1 AND name = $2", [role, name], cancel);
        }

        return answer.Failure is { } why ? why
            : answer.Rows is [var row] ? (string)row[0]!
            : new Failure(FailureCode.Unavailable, $"{Name}: the value {name} of role {role} was there and is gone");
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private static Result<Unit> Done(PostgresAnswer answer) => answer.Failure is { } why ? why : Result.Ok;

    private static string Text(Epoch epoch) => $"{epoch.Number}/{epoch.Claim}";

    private ChangeOutcome Outcome(PostgresAnswer answer)
    {
        WhyUnknown = answer.Failure ?? WhyUnknown;
        return answer.Failure is not null ? ChangeOutcome.Unknown : answer.Rows.Length > 0 ? ChangeOutcome.Done : ChangeOutcome.Refused;
    }

    /// <summary>The tables are made by who first misses them; the statement that missed them did nothing and is sent again.</summary>
    private async ValueTask<PostgresAnswer> Execute(string statement, ImmutableArray<object> parameters, CancellationToken cancel)
    {
        var answer = await client.ExecuteAsync(statement, parameters, cancel);
        if (answer.SqlState != UndefinedTable)
        {
            return answer;
        }

        var made = await client.ExecuteAsync(Tables, [], cancel);
        return made.Failure is null ? await client.ExecuteAsync(statement, parameters, cancel) : made;
    }
}
