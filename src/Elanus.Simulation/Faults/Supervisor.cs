namespace Elanus.Simulation;

/// <summary>
/// Starts the node again whenever it is down, as an operator's service manager would. A refusal is right only while the disk is full, or after damage: then the damage
/// is undone, or another member is waited for.
/// </summary>
public sealed class Supervisor(SimulationLoop loop, SimulatedProcess process, SimulatedNode node, Adversary adversary, Dice dice)
{
    /// <summary>The operator of a cluster empties the directory of a node that refuses, where that is right.</summary>
    public Func<bool> Empties { get; init; } = static () => false;

    public void Begin() => process.Begin(Watch);

    private async Task Watch()
    {
        while (true)
        {
            await process.Delay(dice.Scaled(10_000, 2_000_000));
            switch (node.Standing)
            {
                case NodeStanding.Down:
                    node.Start();
                    break;
                case NodeStanding.Refused when node.Refusal.Contains("quota exceeded", StringComparison.Ordinal):
                    node.Start();
                    break;
                case NodeStanding.Refused when adversary.Undamaged is not null:
                    adversary.Undo();
                    node.Start();
                    break;
                case NodeStanding.Refused when node.Damaged > 0 && node.Refusal.Contains("It is not fetched from another member", StringComparison.Ordinal):
                    // Until another one is active, which has everything.
                    node.Start();
                    break;
                case NodeStanding.Refused when Empties():
                    node.Start();
                    break;
                case NodeStanding.Refused:
                    loop.Fail($"the node refuses to start, and nothing was damaged: {node.Refusal}");
                    break;
            }
        }
    }
}
