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

    private readonly NpgsqlDataSource source;
    private readonly TimeProvider time;

    /// <param name="options">Where it is; nobody is contacted yet.</param>
    public PostgresClient(PostgresOptions options)
    {
        time = options.Time;
        Name = NameOf(options);
        source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder
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
            // The caller's token is the bound of a statement, and a server that hangs is not waited for to hear of it.
            CommandTimeout = 0,
            CancellationTimeout = -1,
            // A host that is gone without a word is noticed on connections that wait for notifications too.
            KeepAlive = 5,
            IncludeErrorDetail = false,
        });
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
        var sent = false;
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancel);
            await using var command = new NpgsqlCommand(statement, connection);
            foreach (var parameter in parameters)
            {
                command.Parameters.Add(new() { Value = parameter });
            }

            sent = true;
            await using var reader = await command.ExecuteReaderAsync(cancel);
            var rows = ImmutableArray.CreateBuilder<object?[]>();
            while (await reader.ReadAsync(cancel))
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
            return Failed(FailureOf(refused), mayBeDone: sent && refused.SqlState.StartsWith("57", StringComparison.Ordinal)) with { SqlState = refused.SqlState };
        }
        catch (NpgsqlException why)
        {
            return Failed(new(FailureCode.Unavailable, $"{Name}: {why.InnerException?.Message ?? why.Message}"), sent);
        }
        catch (Exception why) when (why is TimeoutException or System.Net.Sockets.SocketException or IOException)
        {
            return Failed(new(FailureCode.Unavailable, $"{Name}: {why.Message}"), sent);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return Failed(new(FailureCode.Unavailable, $"{Name} did not answer in time"), sent);
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

    /// <summary>What ends a connection, or the wait on it; the next turn of the loop makes a new one.</summary>
    private static bool IsLost(Exception why, CancellationToken cancel) =>
        why is NpgsqlException or TimeoutException or IOException || (why is OperationCanceledException && cancel.IsCancellationRequested);

    private Failure FailureOf(PostgresException refused) => new(
        refused.SqlState[..2] switch
        {
            "28" => FailureCode.NotAuthenticated,
            "42" when refused.SqlState == PostgresErrorCodes.InsufficientPrivilege => FailureCode.NotPermitted,
            _ => FailureCode.Unavailable,
        },
        $"{Name}: {refused.MessageText} ({refused.SqlState})");

    private async ValueTask<NpgsqlConnection?> ListeningAsync(string channel, Queue<string> told, CancellationToken cancel)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await source.OpenConnectionAsync(cancel);
            connection.Notification += (_, notification) => told.Enqueue(notification.Payload);
            await using var listen = new NpgsqlCommand($"LISTEN \"{channel}\"", connection);
            await listen.ExecuteNonQueryAsync(cancel);
            return connection;
        }
        catch (Exception why) when (IsLost(why, cancel))
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            return null;
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
}
