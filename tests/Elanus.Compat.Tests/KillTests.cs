namespace Elanus.Compat.Tests;

/// <summary>Signals at random moments under load: every insert that was answered is there after the next start.</summary>
public sealed class KillTests
{
    // Fifty in the long run; each start takes a second or two.
    private static readonly int Kills = LongRun.IsAsked ? 50 : 20;

    /// <summary>Longest freeze: seconds in the long run.</summary>
    private static readonly TimeSpan PauseMax = LongRun.IsAsked ? TimeSpan.FromSeconds(3) : TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task Every_acknowledged_row_survives_kills_and_freezes()
    {
        var random = new Random(20);
        var server = await ServerProcess.Start(new Dictionary<string, string>());
        try
        {
            var survivors = await Survivors.Begin(server);
            for (var kill = 0; kill < Kills; kill++)
            {
                await using var load = survivors.Write(server);
                await load.More(random.Next(1, 400));
                switch (random.Next(4))
                {
                    case 0:
                        // Frozen with calls in flight, and going on as if nothing had been.
                        server.Pause();
                        await Task.Delay(random.NextDouble() * PauseMax);
                        server.Continue();
                        await load.More(1);
                        break;
                    case 1:
                        // Frozen, and killed while it is.
                        server.Pause();
                        await Task.Delay(random.NextDouble() * PauseMax);
                        break;
                }

                // The writers go on while the process dies: some of their calls are cut in the middle.
                server = await server.KillAndRestart();
                if (kill % 10 == 9)
                {
                    await survivors.Check(server);
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
