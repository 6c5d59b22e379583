using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Npgsql;

namespace Elanus.Clients.Postgres;

/// <summary>
/// Single statements on a PostgreSQL database, each its own transaction and sent once; and its notifications. Cancelling ends a call with a failure, not with an exception,
/// even where the server hangs. Any thread may call it.
/// </summary>
public sealed class PostgresClient : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly PostgresOptions options;
    private readonly TimeProvider time;
    private NpgsqlDataSource source;

    /// <param name="options">Where it is; nobody is contacted yet.</param>
    public PostgresClient(PostgresOptions options)
    {
        this.options = options;
        time = options.Time;
        Name = NameOf(options);
        source = Connections();
    }

    /// <summary>The database, without credentials.</summary>
    public string Name { get; }

    /// <summary>The database of these options, without credentials.</summary>
    public static string NameOf(PostgresOptions options)
    {
        var host = options.Host.Contains(':', StringComparison.Ordinal) ? $"[{options.Host}]" : options.Host;
        return $"postgres://{host}:{options.Port}/{options.Database}";
    }

    /// <summary>Sends one statement, with its parameters as $1, $2 ...: text, numbers, instants.</summary>
    public async ValueTask<PostgresAnswer> ExecuteAsync(string statement, ImmutableArray<object> parameters, CancellationToken cancel)
    {
        var used = Volatile.Read(ref source);
        var sending = new Sending();
        try
        {
            var answer = await RunAsync(used, statement, parameters, sending, cancel).Until(cancel);
            if (answer.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction)
            {
                // A standby, perhaps the primary of before: the name may lead to another one by now, and what is connected stays where it is.
                await RenewAsync(used);
            }

            return answer;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            var late = new Failure(FailureCode.Unavailable, $"{Name} did not answer in time");
            if (sending.TryGiveUp())
            {
                return Failed(late, mayBeDone: false);
            }

            // It goes on until its connection ends. Others like it may be as silent, so the next statements get new connections.
            await RenewAsync(used);
            return Failed(late, mayBeDone: true);
        }
    }

    /// <summary>
    /// Yields with the payload of each notification on a channel; with an empty one when listening begins, and again whenever it had to begin anew. Ends, without an
    /// exception, when cancelled.
    /// </summary>
    public async IAsyncEnumerable<string> ListenAsync(string channel, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var told = new Queue<string>();
            await using var connection = await ListeningAsync(channel, told, cancel);
            if (connection is not null)
            {
                yield return "";
                while (await NextAsync(connection, cancel))
                {
                    while (told.TryDequeue(out var payload))
                    {
                        yield return payload;
                    }
                }
            }

            await PauseAsync(cancel);
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private static PostgresAnswer Failed(Failure failure, bool mayBeDone) => new([], failure, mayBeDone);

    private static async ValueTask<bool> NextAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        try
        {
            await connection.WaitAsync(cancel);
            return true;
        }
        catch (Exception why) when (IsLost(why, cancel))
        {
            return false;
        }
    }

    private async Task<PostgresAnswer> RunAsync(NpgsqlDataSource used, string statement, ImmutableArray<object> parameters, Sending sending, CancellationToken cancel)
    {
        try
        {
            await using var connection = await used.OpenConnectionAsync(cancel);
            await using var command = new NpgsqlCommand(statement, connection);
            foreach (var parameter in parameters)
            {
                command.Parameters.Add(new() { Value = parameter });
            }

            if (!sending.TryBegin())
            {
                return Failed(new(FailureCode.Unavailable, $"{Name} was reached too late"), mayBeDone: false);
            }

            await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
            var rows = ImmutableArray.CreateBuilder<object?[]>();
            while (await reader.ReadAsync(CancellationToken.None))
            {
                var row = new object?[reader.FieldCount];
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
                }

                rows.Add(row);
            }

            await reader.CloseAsync();
            return new(rows.ToImmutable(), null, MayBeDone: false);
        }
        catch (PostgresException refused)
        {
            // The server's word: the statement's transaction is undone. A server that is shutting down says so too, perhaps after the commit.
            return Failed(FailureOf(refused), mayBeDone: sending.Begun && refused.SqlState.StartsWith("57", StringComparison.Ordinal)) with { SqlState = refused.SqlState };
        }
        catch (NpgsqlException why)
        {
            return Failed(new(FailureCode.Unavailable, $"{Name}: {why.InnerException?.Message ?? why.Message}"), sending.Begun);
        }
        catch (Exception why) when (why is TimeoutException or System.Net.Sockets.SocketException or IOException or ObjectDisposedException)
        {
            return Failed(new(FailureCode.Unavailable, $"{Name}: {why.Message}"), sending.Begun);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return Failed(new(FailureCode.Unavailable, $"{Name} did not answer in time"), sending.Begun);
        }
    }

    /// <summary>What ends a connection, or the wait on it; the next turn of the loop makes a new one.</summary>
    private static bool IsLost(Exception why, CancellationToken cancel) =>
        why is NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException or ObjectDisposedException || (why is OperationCanceledException && cancel.IsCancellationRequested);

    private Failure FailureOf(PostgresException refused) => new(
        refused.SqlState[..2] switch
        {
            "28" => FailureCode.NotAuthenticated,
            "42" when refused.SqlState == PostgresErrorCodes.InsufficientPrivilege => FailureCode.NotPermitted,
            _ => FailureCode.Unavailable,
        },
        $"{Name}: {refused.MessageText} ({refused.SqlState})");

    /// <summary>A connection that listens; null where there is none, or where the caller gave up: then it closes by itself once it has come about.</summary>
    private async ValueTask<NpgsqlConnection?> ListeningAsync(string channel, Queue<string> told, CancellationToken cancel)
    {
        var opening = OpenAsync();
        try
        {
            return await opening.Until(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            _ = CloseAsync();
            return null;
        }

        async Task<NpgsqlConnection?> OpenAsync()
        {
            NpgsqlConnection? connection = null;
            try
            {
                connection = await Volatile.Read(ref source).OpenConnectionAsync(cancel);
                connection.Notification += (_, notification) => told.Enqueue(notification.Payload);
                await using var listen = new NpgsqlCommand($"LISTEN \"{channel}\"", connection);
                await listen.ExecuteNonQueryAsync(CancellationToken.None);
                return connection;
            }
            catch (Exception why) when (IsLost(why, cancel))
            {
                // A server may refuse to let anybody listen and keep the connection (a hot standby does): it is of the pool that statements need.
                await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
                return null;
            }
        }

        async Task CloseAsync()
        {
            if (await opening is { } late)
            {
                await late.DisposeAsync();
            }
        }
    }

    private async ValueTask PauseAsync(CancellationToken cancel)
    {
        try
        {
            await Task.Delay(Pause, time, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The caller looks at its token next.
        }
    }

    /// <summary>The first to miss an answer makes new connections; those that are still used close when they are done.</summary>
    private async ValueTask RenewAsync(NpgsqlDataSource silent)
    {
        var fresh = Connections();
        if (Interlocked.CompareExchange(ref source, fresh, silent) == silent)
        {
            await silent.DisposeAsync();
        }
        else
        {
            await fresh.DisposeAsync();
        }
    }

    private NpgsqlDataSource Connections()
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = options.Host,
            Port = options.Port,
            Database = options.Database,
            Username = options.User,
            Password = options.Password,
            SslMode = Enum.Parse<SslMode>(options.Tls.ToString()),
            RootCertificate = options.AuthorityPem,
            ApplicationName = "elanus",
            MaxPoolSize = options.ConnectionsMax,
            Timeout = (int)Math.Ceiling(options.ConnectTimeout.TotalSeconds),
            // The caller's token is the bound of a statement. Npgsql's own ways to end one ask the server for it over another connection, and wait for its
            // answer without a bound.
            CommandTimeout = 0,
            // A host that is gone without a word is noticed on connections that wait for notifications too.
            KeepAlive = 5,
            IncludeErrorDetail = false,
        };
        return NpgsqlDataSource.Create(settings);
    }

    /// <summary>Whether a statement goes out, or its caller gives up before: one of the two.</summary>
    private sealed class Sending
    {
        private const int Waiting = 0;
        private const int Sent = 1;
        private const int Abandoned = 2;
        private int state;

        public bool Begun => Volatile.Read(ref state) == Sent;

        public bool TryBegin() => Interlocked.CompareExchange(ref state, Sent, Waiting) == Waiting;

        public bool TryGiveUp() => Interlocked.CompareExchange(ref state, Abandoned, Waiting) != Sent;
    }
}
