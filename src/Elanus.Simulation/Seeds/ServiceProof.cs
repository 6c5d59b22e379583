namespace Elanus.Simulation;

/// <summary>The proof that a deployment serves: a write is answered, and a Strong read sees it.</summary>
internal sealed class ServiceProof(History history, ICallTarget target, WorkloadMix mix, SimulatedProcess clock)
{
    private const long AskAgainTicks = TimeSpan.TicksPerSecond / 20;

    /// <summary>Asks until it does; always true in the end.</summary>
    public async Task<bool> Wait()
    {
        while (!await Serves())
        {
            await clock.Delay(AskAgainTicks);
        }

        return true;
    }

    private async Task<bool> Serves()
    {
        var name = World.Collections[0];
        var made = await history.Run(new DefinitionOperation(DefinitionKind.CreateCollection, name, "", mix.Shards), target);
        if (!made.Succeeded && made.Failure is not { Code: FailureCode.InvalidParameter })
        {
            return false;
        }

        await history.Run(new DefinitionOperation(DefinitionKind.CreateIndex, name, mix.IndexType), target);
        await history.Run(new DefinitionOperation(DefinitionKind.Load, name, ""), target);
        var write = await history.Run(new WriteOperation(WriteKind.Upsert, name, "", [1]), target);
        var read = await history.Run(new QueryOperation(name, [], [1], counts: false, Roles.ConsistencyLevel.Strong), target);
        return write.Succeeded && read.Succeeded;
    }
}
