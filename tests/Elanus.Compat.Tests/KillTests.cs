namespace Elanus.Compat.Tests;

/// <summary>Signals at random moments under load: every insert that was answered is there after the next start.</summary>
public sealed class KillTests
{
    private static readonly int Kills = LongRun.IsAsked ? 200 : 50;

    /// <summary>One of so many freezes lasts for seconds; each does in the long run.</summary>
    private static readonly int LongFreezeEvery = LongRun.IsAsked ? 1 : 6;

    private static readonly TimeSpan LongFreezeMin = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan LongFreezeMax = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ShortFreezeMax = TimeSpan.FromMilliseconds(300);

    private readonly Random random = new(20);
    private int freezes;
    private int longFreezes;

    [Fact]
    public async Task Every_acknowledged_row_survives_kills_and_freezes()
    {
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
                        await Freeze(server);
                        server.Continue();
                        await load.More(1);
                        break;
                    case 1:
                        // Frozen, and killed while it is.
                        await Freeze(server);
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
            Assert.InRange(longFreezes, 4, freezes);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private async Task Freeze(ServerProcess server)
    {
        var isLong = freezes++ % LongFreezeEvery == 0;
        longFreezes += isLong ? 1 : 0;
        var (least, most) = isLong ? (LongFreezeMin, LongFreezeMax) : (TimeSpan.Zero, ShortFreezeMax);
        server.Pause();
        await Task.Delay(least + (random.NextDouble() * (most - least)));
    }
}
