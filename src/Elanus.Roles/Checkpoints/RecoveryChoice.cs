namespace Elanus.Roles;

/// <summary>Which checkpoints a log can be recovered from. Pure.</summary>
/// <param name="Usable">Newest first; whole or not, their places are right.</param>
/// <param name="Refused">Those that are of another history, and why.</param>
/// <param name="Lost">Set where a checkpoint proves that the log lost records that were durable: nothing may be recovered then.</param>
public sealed record RecoveryChoice(IReadOnlyList<CheckpointName> Usable, IReadOnlyList<string> Refused, string? Lost)
{
    /// <param name="chain">The log's fences.</param>
    /// <param name="front">The first position that the log holds.</param>
    /// <param name="end">The last durable one.</param>
    /// <param name="cut">Where a cut ended that was done and has not been followed by anything; null where there was none.</param>
    /// <param name="found">The checkpoints there are, newest first.</param>
    public static RecoveryChoice Of(EpochChain chain, ulong front, ulong end, ulong? cut, IEnumerable<CheckpointName> found)
    {
        var usable = new List<CheckpointName>();
        var refused = new List<string>();
        string? lost = null;
        foreach (var name in found)
        {
            var position = name.Position.Number;
            if (position > end && name.Epoch == chain.Last && end != cut)
            {
                lost ??= $"the checkpoint {name} proves that records up to {position} were durable, but the log ends at {end}: the disk lost the records between. "
                    + "Restore a backup; or, to go on without those records, remove that checkpoint";
            }
            else if (position > end || (position + 1 >= front && chain.EpochAt(position) != name.Epoch))
            {
                refused.Add($"the checkpoint {name} is of another history than the log, whose epoch there is {(position > end ? chain.Last : chain.EpochAt(position))} and whose end is {end}");
            }
            else if (position + 1 >= front)
            {
                usable.Add(name);
            }
        }

        return new(usable, refused, lost);
    }
}
