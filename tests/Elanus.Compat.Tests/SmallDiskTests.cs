using Elanus.Milvus.Protocol;

namespace Elanus.Compat.Tests;

/// <summary>A real file system that runs full under load.</summary>
public sealed class SmallDiskTests
{
    private const int DiskMegabytes = 12;
    private const int BallastMegabytes = 4;

    [SmallDiskFact]
    public async Task Writes_are_refused_while_it_is_full_and_go_on_when_there_is_room_and_nothing_acknowledged_is_lost()
    {
        await using var disk = SmallDisk.Mount(DiskMegabytes);
        var server = await ServerProcess.Start(new Dictionary<string, string>(), disk.Folder);
        try
        {
            var survivors = await Survivors.Begin(server);
            var ballast = disk.Occupy(BallastMegabytes);
            await using (var load = survivors.Write(server))
            {
                await load.Until(() => survivors.Refused > 10);
                Assert.Equal([QuotaState.DenyToWrite], (await Survivors.Health(server)).QuotaStates);
                await survivors.Check(server);

                // What starts on the full disk serves reads.
                server = await server.KillAndRestart();
            }

            await survivors.Check(server);
            await using (var load = survivors.Write(server))
            {
                File.Delete(ballast);
                await load.More(100);
                while ((await Survivors.Health(server)).QuotaStates.Count > 0)
                {
                    await Task.Delay(20);
                }

                server = await server.KillAndRestart();
            }

            await survivors.Check(server);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }
}
