using Elanus.Roles;

namespace Elanus.Simulation;

/// <summary>
/// A client: a number of lines that call one thing after the other, now and then all at once. It waits while the node is
/// down and makes what it needs where it is not there.
/// </summary>
public sealed class VirtualClient(SimulatedProcess process, ICallTarget target, History history, WorkloadMix mix, Dice dice, long until, SimulationLoop loop)
{
    /// <summary>Operations a second, of all clients.</summary>
    public const int OperationsPerSecond = 100;

    public void Begin(int lines)
    {
        for (var line = 0; line < lines; line++)
        {
            var own = dice.Fork();
            process.Begin(() => Line(own, lines));
        }
    }

    private async Task Line(Dice own, int lines)
    {
        var pause = TimeSpan.TicksPerSecond * lines / OperationsPerSecond;
        while (loop.Now < until)
        {
            // Bursts: all that was saved up while waiting, at once.
            var burst = own.Chance(mix.BurstsInThousand) ? 1 + own.Below(8) : 1;
            await process.Delay(own.Between(pause * burst / 2, pause * burst * 3 / 2));
            for (var i = 0; i < burst && loop.Now < until; i++)
            {
                await One(own);
            }
        }
    }

    private async Task One(Dice own)
    {
        using var cancel = own.Chance(10) ? new CancellationTokenSource(TimeSpan.FromTicks(own.Scaled(100, 100_000)), process.Clock) : null;
        var operation = await history.Run(mix.Draw(own), target, cancel?.Token ?? default);
        for (var tries = 0; operation is WriteOperation { HasRequestId: true, End: CallEnd.Lost } && tries < 20; tries++)
        {
            await process.Delay(own.Scaled(TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerSecond / 4));
            await history.Again(operation, target);
        }

        if (operation.Failure is { Code: FailureCode.CollectionNotFound or FailureCode.CollectionNotLoaded or FailureCode.IndexNotFound } && own.Chance(500))
        {
            await Make(own.Of(World.Collections), own);
        }
    }

    private async Task Make(string collection, Dice own)
    {
        if ((await history.Run(new DefinitionOperation(DefinitionKind.CreateCollection, collection, "", mix.Shards), target)).Succeeded
            && (await history.Run(new DefinitionOperation(DefinitionKind.CreateIndex, collection, mix.IndexType), target)).Succeeded)
        {
            await history.Run(new DefinitionOperation(DefinitionKind.Load, collection, ""), target);
            await history.Run(new DefinitionOperation(DefinitionKind.CreatePartition, collection, own.Of(World.Partitions)), target);
        }
    }
}
