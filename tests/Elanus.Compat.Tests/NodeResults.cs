namespace Elanus.Compat.Tests;

/// <summary>
/// The results of each file, run once however many cases ask for them; one server for all files that want the same settings. The servers end with the fixture.
/// </summary>
#pragma warning disable CA1001 // xunit ends the fixture through IAsyncLifetime, which disposes the gate.
public sealed class NodeResults : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim gate = new(1);
    private readonly Dictionary<string, (IReadOnlyList<CaseResult> Cases, string? Failure)> files = [];
    private readonly Dictionary<string, ServerProcess> servers = [];

    internal async Task<(IReadOnlyList<CaseResult> Cases, string? Failure)> Of(string file)
    {
        await gate.WaitAsync();
        try
        {
            if (!files.TryGetValue(file, out var results))
            {
                files[file] = results = await NodeRun.File(file, (await Server(NodeCases.ServerSettings(file))).Address);
            }

            return results;
        }
        finally
        {
            gate.Release();
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var server in servers.Values)
        {
            await server.DisposeAsync();
        }

        gate.Dispose();
    }

    private async Task<ServerProcess> Server(IReadOnlyDictionary<string, string> settings)
    {
        var key = string.Join(' ', settings.Select(s => $"{s.Key}={s.Value}"));
        if (!servers.TryGetValue(key, out var server))
        {
            servers[key] = server = await ServerProcess.Start(settings);
        }

        return server;
    }
}
