using Elanus.Engine;
using Elanus.Roles;
using Elanus.Storage;

namespace Elanus.Simulation;

/// <summary>
/// The checkpoints of directories that stand at the end of a run. What they hold is committed, so each is of the history that the epoch of its last record belongs to; it counts
/// where the files beside it restore it, as the state that this history's records make.
/// </summary>
internal sealed class KeptCheckpoints(History history)
{
    private readonly List<(MemoryFileSystem Disk, string Directory, CheckpointName Name)> all = [];
    private readonly Dictionary<int, string?> judged = [];

    /// <summary>Comes to know those of a directory; they are read when they are asked for.</summary>
    public void Find(MemoryFileSystem disk, string directory)
    {
        foreach (var name in In(disk, directory).ListAsync(CancellationToken.None).AsTask().Result)
        {
            all.Add((disk, directory, name));
        }
    }

    /// <summary>What is wrong with all that should hold a record, or that there is none; null where one holds it.</summary>
    public string? Misses(LoggedRecord record)
    {
        var wrong = "is kept nowhere";
        for (var i = 0; i < all.Count; i++)
        {
            var of = history.Branches.Of(all[i].Name.Epoch).Evidence;
            if (all[i].Name.Position.Number < record.Position || of.Position < record.Position || !of.At(record.Position).IsSame(record))
            {
                continue;
            }

            if (!judged.TryGetValue(i, out var found))
            {
                judged[i] = found = Read(i).Result;
            }

            if (found is null)
            {
                return null;
            }

            wrong = found;
        }

        return wrong;
    }

    private static CheckpointFiles In(MemoryFileSystem disk, string directory) => new(DirectorySegmentStore.AsItIs(disk, $"{directory}/checkpoints"), new(1));

    private async Task<string?> Read(int index)
    {
        var (disk, directory, name) = all[index];
        if (!(await In(disk, directory).OpenAsync(name, ImmediateWork.Instance, CancellationToken.None)).TryGet(out var checkpoint, out var failure))
        {
            return $"stands in a checkpoint that cannot be read: {failure}";
        }

        using (checkpoint)
        {
            await using var rows = new DataState(new(1), ImmediateWork.Instance, World.Engine, DirectorySegmentStore.AsItIs(disk, $"{directory}/segments"));
            var state = new LogicalState(rows);
            try
            {
                await state.Restore(checkpoint, CancellationToken.None);
            }
            catch (InvalidDataException damaged)
            {
                return $"stands in a checkpoint that cannot be restored: {damaged.Message}";
            }

            var evidence = history.Branches.Of(name.Epoch).Evidence;
            using var replayed = new ReplayedState(evidence);
            return name.Position.Number > evidence.Position || replayed.HashAt(name.Position.Number) == state.Hash()
                ? null
                : $"stands in {directory}/checkpoints/{name}, whose state is not that of the records applied one by one";
        }
    }
}
