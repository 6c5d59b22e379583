using System.Diagnostics;
using Elanus.Clients.Postgres;

namespace Elanus.Coordination.Tests.Postgres;

/// <summary>A PostgreSQL server on loopback with a data directory of its own.</summary>
internal sealed class PostgresServer : IDisposable
{
    private const string Password = "pa ss:w@rd/%";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("elanus-postgres-");
    private readonly StartedProcess server;

    public PostgresServer()
    {
        var data = Path.Combine(folder.FullName, "data");
        var secret = Path.Combine(folder.FullName, "password");
        File.WriteAllText(secret, Password);
        // The server refuses to run as root, and then its data must be another's.
        var asUser = Environment.UserName == "root" ? new[] { "setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups" } : [];
        if (asUser.Length > 0)
        {
            Run("chown", "-R", "postgres", folder.FullName);
        }

        Run([.. asUser, Programs.Find("initdb") ?? Path.Combine(Path.GetDirectoryName(Programs.Find("postgres"))!, "initdb"),
            "-D", data, "-U", "elanus", "--pwfile", secret, "-A", "scram-sha-256", "-E", "UTF8", "--no-sync"]);
        Port = Ports.Free(1)[0];
        string[] command = [.. asUser, Programs.Find("postgres")!, "-D", data, "-p", $"{Port}", "-h", "127.0.0.1", "-k", folder.FullName];
        server = new(command[0], command[1..]);
    }

    public int Port { get; }

    public PostgresOptions Options => new() { Host = "127.0.0.1", Port = Port, Database = "postgres", User = "elanus", Password = Password };

    public static PostgresArbiter Arbiter(PostgresOptions options) => new(new PostgresClient(options), new SystemRandom());

    public async Task<PostgresServer> Ready()
    {
        await using var client = new PostgresClient(Options);
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await client.ExecuteAsync("SELECT 1", [], bound.Token)).Failure is { } why)
        {
            Assert.False(bound.IsCancellationRequested || !server.IsRunning, $"PostgreSQL did not start: {why}\n{server.Said}");
            await Task.Delay(20);
        }

        return this;
    }

    public void Kill() => server.Kill();

    public void Dispose()
    {
        // The postmaster's children end when it does.
        server.Dispose();
        for (var tries = 0; Directory.Exists(folder.FullName); tries++)
        {
            try
            {
                folder.Delete(recursive: true);
            }
            catch (IOException) when (tries < 100)
            {
                // A child that is ending still writes there.
            }
        }
    }

    private static void Run(params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/tmp" };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)}: {errors.Result}{output.Result}");
    }
}
