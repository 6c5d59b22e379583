using Elanus.Log;
using Elanus.Replication;

namespace Elanus.Simulation;

/// <summary>
/// What forced promotions dropped, at the end of a run: the tails that nodes kept, what they kept whole, and the directories that operators put aside. Every write that was
/// acknowledged in a history that was left stands in the newest one, or as a record in one of these, or in a checkpoint in one of these.
/// </summary>
internal sealed class KeptTails(History history)
{
    private readonly Dictionary<ulong, List<LoggedRecord>> tails = [];
    private readonly KeptCheckpoints checkpoints = new(history);

    /// <summary>Acknowledged writes that the newest history lacks.</summary>
    public int Dropped { get; private set; }

    /// <summary>Those of them that are kept as records.</summary>
    public int Found { get; private set; }

    /// <summary>Comes to know what a node kept, and what is left of its log and checkpoints.</summary>
    public void Read(MemoryFileSystem disk)
    {
        ReadDirectory(disk, "/data");
        foreach (var entry in disk.ListAsync($"/data/{SalvageFile.Folder}", CancellationToken.None).AsTask().Result ?? [])
        {
            var path = $"/data/{SalvageFile.Folder}/{entry.Name}";
            if (entry.IsDirectory)
            {
                ReadDirectory(disk, path);
            }
            else
            {
                ReadFile(disk, path, entry.Length);
            }
        }
    }

    /// <summary>Old histories come to know what was acknowledged from them and no checker had read; answers what is nowhere, or null.</summary>
    public string? Complete()
    {
        foreach (var branch in history.Branches.All.SkipLast(1))
        {
            if (branch.FillFromParent(branch.Shared) is { } differs)
            {
                return differs;
            }

            while (branch.Evidence.Position < branch.Committed)
            {
                var next = branch.Evidence.Position + 1;
                var record = (tails.GetValueOrDefault(next) ?? []).Concat(TakenOver(next, branch)).Where(record => history.Branches.Of(record.Epoch).From <= branch.From).MaxBy(record => record.Epoch.Number);
                if (record is null)
                {
                    return $"record {next} was acknowledged before a forced promotion, is not known, and is kept nowhere";
                }

                if (branch.Evidence.Add(record) is { } wrong)
                {
                    return wrong;
                }
            }
        }

        return null;
    }

    /// <summary>What later histories hold at a position: a forced node may have more of the old one when its epoch begins than when its claim took effect.</summary>
    private IEnumerable<LoggedRecord> TakenOver(ulong position, Branch from) =>
        history.Branches.All.Where(later => later.From > from.From && later.Evidence.Position >= position).Select(later => later.Evidence.At(position));

    /// <summary>Counts what was dropped; answers an acknowledged write that is nowhere, or null.</summary>
    public string? Lost()
    {
        (Dropped, Found) = (0, 0);
        var newest = history.Branches.Last;
        foreach (var operation in history.Operations.Where(operation => operation is WriteOperation && operation.Succeeded && operation.Branch != newest))
        {
            if (operation.Branch.Evidence.WritesOf(operation.Number) is not [var record, ..] || newest.Evidence.WritesOf(operation.Number).Count > 0)
            {
                continue;
            }

            Dropped++;
            if ((tails.GetValueOrDefault(record.Position) ?? []).Exists(record.IsSame))
            {
                Found++;
            }
            else if (checkpoints.Misses(record) is { } wrong)
            {
                return $"{operation} stands at {record.Position} of a history that a forced promotion left, and {wrong}";
            }
        }

        return null;
    }

    private void ReadDirectory(MemoryFileSystem disk, string directory)
    {
        checkpoints.Find(disk, directory);
        foreach (var entry in disk.ListAsync($"{directory}/log", CancellationToken.None).AsTask().Result ?? [])
        {
            ReadFile(disk, $"{directory}/log/{entry.Name}", entry.Length);
        }
    }

    private void ReadFile(MemoryFileSystem disk, string path, long length)
    {
        var file = disk.OpenAsync(path, FileIntent.Read, CancellationToken.None).AsTask().Result!;
        var content = new byte[length];
        var read = file.ReadAsync(0, content, CancellationToken.None).AsTask().Result;
        Read(content.AsMemory(0, read));
        var disposed = file.DisposeAsync();
        Invariant.Holds(disposed.IsCompletedSuccessfully, "a file in memory did not close at once");
    }

    private void Read(ReadOnlyMemory<byte> bytes)
    {
        for (var at = 0; at + RecordHeader.Bytes <= bytes.Length;)
        {
            if (!RecordHeader.TryRead(bytes.Span[at..], out var header, out _) || header.Length < 0 || header.Length > bytes.Length - at - RecordHeader.Bytes)
            {
                at += RecordHeader.Alignment;
                continue;
            }

            if (!tails.TryGetValue(header.Position.Number, out var same))
            {
                tails[header.Position.Number] = same = [];
            }

            same.Add(new(new LogRecord(header, bytes.Slice(at + RecordHeader.Bytes, header.Length))));
            at += (int)RecordHeader.SpaceOf(header.Length);
        }
    }
}
