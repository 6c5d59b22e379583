using Elanus.Log;

namespace Elanus.Simulation;

/// <summary>
/// A bit of what a node keeps flips while its machine has no power: in the log, but for its last groups, in a checkpoint or in a segment file. Damage to
/// the last groups of a log cannot be told from a write that was under way, on one disk; so a member that is hit there is taken at its word, and loses what it had
/// acknowledged: that is no fault that the protocol bears.
/// </summary>
internal sealed class BitFlip(Dice dice)
{
    /// <summary>As many damaged members as a directory keeps: then an operator looks at the disk.</summary>
    public const int MostOnOneDisk = 3;

    private static readonly string[] Folders = ["/data/log", "/data/checkpoints", "/data/segments"];

    public async Task Strike(SimulatedNode node, SimulationLoop loop)
    {
        var files = node.Disk.Medium;
        var found = new List<(string Path, long Bytes)>();
        foreach (var folder in Folders)
        {
            found.AddRange((await files.ListAsync(folder, CancellationToken.None) ?? []).Where(entry => entry.Length > 0).Select(entry => ($"{folder}/{entry.Name}", entry.Length)));
        }

        var log = await FileLog.InspectAsync(files, Folders[0], new(1), CancellationToken.None);
        if (found.Count == 0 || log.Damage.Count > 0 || node.Standing != NodeStanding.Down)
        {
            return;
        }

        var (path, bytes) = dice.Of(found);
        var vouched = log.Segments.Count > 0 && log.Segments[^1].File == path ? log.DurableBytes : bytes;

        // Files are preallocated: most of what was written lies at the front.
        var most = Math.Min(vouched, dice.Of([200L, 4_000L, bytes]));
        if (most > 0)
        {
            var (offset, bit) = (dice.Between(0, most - 1), dice.Below(8));
            loop.Event($"bit {bit} of {path} of {node.Name} at {offset} flips");
            files.FlipBit(path, offset, bit);
            node.Damaged++;
        }
    }
}
