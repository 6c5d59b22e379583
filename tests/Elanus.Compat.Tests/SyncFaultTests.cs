namespace Elanus.Compat.Tests;

/// <summary>
/// Failing and slow fsyncs of a real server, injected by strace. (Every other mixture of faults is the in-memory file system's, in the tests of the log.)
/// </summary>
public sealed class SyncFaultTests
{
    [SyncFaultFact]
    public async Task A_failed_fsync_ends_the_server_with_a_sentence_and_nothing_acknowledged_is_lost()
    {
        var server = await ServerProcess.Start(new Dictionary<string, string>());
        try
        {
            var survivors = await Survivors.Begin(server);
            await using (var load = survivors.Write(server))
            {
                await load.More(100);
                await using var faults = await SyncFaults.Attach(server, "error=EIO:when=20+");
                Assert.NotEqual(0, await server.Ended());
            }

            Assert.Contains("the server stopped itself", server.Output, StringComparison.Ordinal);
            Assert.True(survivors.Unknown > 0, "no writer was told that its outcome is unknown");
            server = await server.Restart();
            await survivors.Check(server);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [SyncFaultFact]
    public async Task Slow_fsyncs_only_make_writes_slow_and_a_kill_in_one_of_them_loses_nothing()
    {
        var server = await ServerProcess.Start(new Dictionary<string, string>());
        try
        {
            var survivors = await Survivors.Begin(server);
            await using (var load = survivors.Write(server))
            {
                await load.More(100);
                await using (await SyncFaults.Attach(server, "delay_enter=200000"))
                {
                    await load.More(200);
                    server = await server.KillAndRestart();
                }
            }

            await survivors.Check(server);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }
}
