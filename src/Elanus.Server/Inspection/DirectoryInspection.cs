using Elanus.Engine;
using Elanus.Log;
using Elanus.Primitives;
using Elanus.Roles;
using Elanus.Storage;

namespace Elanus.Server;

/// <summary>
/// Reads everything in a stopped node's directory and compares it with its checksums, then recovers the state beside it, in memory, unless it needs a file that is damaged. Changes nothing.
/// </summary>
public static class DirectoryInspection
{
    /// <summary>The channel of a standalone.</summary>
    public static readonly ChannelId Channel = new(1);

    /// <summary>A directory that is none, or is in use, is a failure; damage is in the report.</summary>
    public static async Task<Result<DirectoryReport>> Run(IFileSystem files, string path, IWorkScheduler work, Action<string> progress, CancellationToken cancel)
    {
        if (!(await DataDirectory.OpenExisting(files, path, cancel)).TryGet(out var directory, out var failure))
        {
            return failure;
        }

        await using (directory)
        {
            if ((await CopyInstallation.Unfinished(files, directory.Path, cancel) ?? await RepairInstallation.Unfinished(files, directory.Path, cancel)) is { } unfinished)
            {
                return unfinished;
            }

            progress("the log");
            var log = await FileLog.InspectAsync(files, directory.LogPath, Channel, cancel);
            var found = log.Segments.Select(segment => Of(segment, log)).ToList();
            found.AddRange(log.Damage.Where(d => log.Segments.All(s => s.File != d.File)).GroupBy(d => d.File).Select(d => new CheckedFile(d.Key, "log", [.. d.Select(Sentence)])));
            var checkpoints = new CheckpointFiles(DirectorySegmentStore.AsItIs(files, directory.CheckpointsPath), Channel);
            var names = await checkpoints.ListAsync(cancel);
            var choice = RecoveryChoice.Of(log.Chain, log.Front, log.End.Position.Number, log.LastCut, names);
            var whole = new List<CheckpointName>();
            foreach (var name in names)
            {
                progress($"checkpoint {name}");
                var opened = await checkpoints.OpenAsync(name, work, cancel);
                opened.TryGet(out var checkpoint, out failure);
                found.Add(new($"{directory.CheckpointsPath}/{name}", Describe(name, choice), opened.Succeeded ? [] : [failure!.Sentence]));
                if (opened.Succeeded)
                {
                    checkpoint!.Dispose();
                    whole.Add(name);
                }
            }

            var segments = DirectorySegmentStore.AsItIs(files, directory.SegmentsPath);
            var damaged = new HashSet<string>();
            foreach (var entry in await segments.ListAsync(cancel))
            {
                progress($"segment file {entry.Name}");
                var looked = await Check(segments, directory, entry.Name, work, cancel);
                found.Add(looked);
                if (looked.Faults.Count > 0)
                {
                    damaged.Add(entry.Name);
                }
            }

            var faults = found.SelectMany(file => file.Faults).ToList();
            if (choice.Lost is { } lost)
            {
                faults.Add(lost);
            }

            CheckpointName? from = choice.Usable.Where(whole.Contains).Select(name => (CheckpointName?)name).FirstOrDefault();
            if (log.Front > 1 && from is null && log.Damage.Count == 0)
            {
                faults.Add($"the log begins with record {log.Front}, and no checkpoint leads up to it; a backup has the whole, `elanus salvage` writes what can be read");
            }

            RecoveredState? state = null;
            if (log.Damage.Count == 0 && choice.Lost is null && (from is not null || log.Front == 1))
            {
                progress("the recovered state");
                try
                {
                    state = await Recover(files, directory, segments, damaged, from is { } name ? (await checkpoints.OpenAsync(name, work, cancel)).Value : null, work, cancel);
                }
                catch (Exception unreadable) when (unreadable is InvalidDataException or RecordCorruptException or StoredFileDamagedException)
                {
                    faults.Add(unreadable.Message);
                }
            }

            return new DirectoryReport(directory.Node, log, found, from, state, faults);
        }
    }

    private static CheckedFile Of((string File, ulong First, ulong Last) segment, LogInspection log)
    {
        var torn = log.TornTail is { } tail && tail.File == segment.File ? $"; {tail.Bytes} bytes of a write that was under way follow, never acknowledged" : "";
        var what = segment.Last < segment.First ? "no records yet" : $"records {segment.First} to {segment.Last}";
        return new(segment.File, $"log, {what}{torn}", [.. log.Damage.Where(d => d.File == segment.File).Select(Sentence)]);
    }

    private static async Task<CheckedFile> Check(DirectorySegmentStore segments, DataDirectory directory, string name, IWorkScheduler work, CancellationToken cancel)
    {
        var path = $"{directory.SegmentsPath}/{name}";
        try
        {
            using var file = await segments.OpenAsync(name, cancel);
            var damage = file is null ? [] : await work.Run(WorkPriority.Foreground, stop => file.Verify(null, stop), cancel);
            return new(path, "segment", [.. damage.Select(d => d.ToString())]);
        }
        catch (StoredFileDamagedException damaged)
        {
            return new(path, "segment", [damaged.Message]);
        }
    }

    private static string Sentence(LogDamage damage) => damage.ToString();

    private static string Describe(CheckpointName name, RecoveryChoice choice) =>
        $"checkpoint of record {name.Position.Number} in {name.Epoch}{(choice.Usable.Contains(name) ? "" : ", of no use to this log")}";

    /// <summary>The state that a start would come to; null where it stands on a file that is damaged, which is reported already.</summary>
    private static async Task<RecoveredState?> Recover(
        IFileSystem files, DataDirectory directory, DirectorySegmentStore segments, HashSet<string> damaged, Checkpoint? from, IWorkScheduler work, CancellationToken cancel)
    {
        await using var rows = new DataState(Channel, work, new() { IndexedRowsMin = int.MaxValue, VerifyFilesFirst = true }, segments);
        var state = new LogicalState(rows);
        var next = new LogPosition(Channel, 1);
        if (from is not null)
        {
            using (from)
            {
                if (damaged.Overlaps(from.Files))
                {
                    return null;
                }

                await state.Restore(from, cancel);
                next = from.Name.Position.Next;
            }
        }

        await foreach (var record in LogHistory.ReadAsync(files, directory.LogPath, Channel, next, cancel))
        {
            state.Apply(record);
        }

        return damaged.Overlaps(rows.FilesInUse()) ? null : new(rows.AppliedPosition, state.Hash(), rows.Collections.Count(), rows.Collections.Sum(c => c.Statistics().LiveRows));
    }
}
