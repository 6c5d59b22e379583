using System.Buffers;
using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>Reads a log's files as they are, changing nothing: what is whole, what is torn, what is damaged.</summary>
internal sealed class LogLoading(IFileSystem files, string directory, ChannelId channel)
{
    private readonly List<LogDamage> damage = [];
    private readonly List<Segment> segments = [];
    private readonly List<(string File, ulong First, ulong Last)> found = [];

    private bool hasGroups;

    /// <summary>Null where the directory holds no log yet.</summary>
    public LogHead? Head { get; private set; }

    public IReadOnlyList<Segment> Segments => segments;

    /// <summary>Segment files that lie wholly below the front and only wait to be deleted.</summary>
    public List<string> Garbage { get; } = [];

    public HistoryEnd End { get; private set; } = HistoryEnd.Empty(channel);

    public EpochChain Chain { get; private set; } = EpochChain.Empty;

    public TornTail? TornTail { get; private set; }

    /// <summary>Up to here the last segment's whole groups prove that it was durable; what follows may be in the page cache alone.</summary>
    public long DurableOffset { get; private set; } = SegmentHeader.Bytes;

    /// <summary>What stands where the files are not whole, or not this program's to read.</summary>
    public IReadOnlyList<LogDamage> Damage => damage;

    /// <summary>Which of these places a newer program wrote, in a format that this one does not know: nothing may be judged torn or damaged there; null where none.</summary>
    public LogDamage? Newer { get; private set; }

    public LogInspection Inspection => new(found, End, TornTail, damage) { Chain = Chain, DurableBytes = hasGroups ? DurableOffset : 0, LastCut = Head?.LastCut };

    public async ValueTask RunAsync(CancellationToken cancel)
    {
        var names = await SegmentNamesAsync(cancel);
        Head = await ReadHeadAsync(names, cancel);
        if (Head is not { } head || damage.Count > 0)
        {
            return;
        }

        // A deletion at the front may have come back after a crash: the head was durable before it, so it still says what may go.
        while (names.Count > 1 && names[1].First <= head.Front)
        {
            Garbage.Add(names[0].Path);
            names.RemoveAt(0);
        }

        if (names.Count == 0 || names[0].First > head.Front)
        {
            var missing = names.Count == 0 ? "all segment files are" : $"the segment files of records {head.Front} to {names[0].First - 1} are";
            damage.Add(new(PathOf(LogHead.FileName), 0, $"{missing} missing"));
        }

        for (var i = 0; i < names.Count; i++)
        {
            await ScanAsync(names[i].Path, names[i].First, i + 1 < names.Count ? names[i + 1].First : null, cancel);
        }
    }

    public string PathOf(string name) => $"{directory}/{name}";

    public async ValueTask<List<(string Path, ulong First)>> SegmentNamesAsync(CancellationToken cancel)
    {
        var names = new List<(string, ulong)>();
        foreach (var entry in await files.ListAsync(directory, cancel) ?? [])
        {
            if (Segment.TryParseName(entry.Name, out var first))
            {
                names.Add((PathOf(entry.Name), first));
            }
        }

        return names;
    }

    /// <summary>Reads a whole file into a rented buffer, which the caller gives back.</summary>
    public static async ValueTask<(byte[] Buffer, int Length)> ReadWholeAsync(IFileSystem files, string path, CancellationToken cancel)
    {
        await using var file = await files.OpenAsync(path, FileIntent.Read, cancel)
            ?? throw new IOException($"{path} vanished while it was read");
        var length = checked((int)await file.LengthAsync(cancel));
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
        return (buffer, await file.ReadAsync(0, buffer.AsMemory(0, length), cancel));
    }

    private async ValueTask<LogHead?> ReadHeadAsync(List<(string Path, ulong First)> names, CancellationToken cancel)
    {
        var path = PathOf(LogHead.FileName);
        await using var file = await files.OpenAsync(path, FileIntent.Read, cancel);
        if (file is null)
        {
            // The first segment gets its name before the head does: alone and without records it is a log that was never finished.
            foreach (var (segment, first) in names)
            {
                if (first != 1 || !await IsUnusedAsync(segment, cancel))
                {
                    damage.Add(new(path, 0, "the file is missing though there are records"));
                    break;
                }
            }

            return null;
        }

        var bytes = new byte[LogHead.Bytes + 1];
        var read = await file.ReadAsync(0, bytes, cancel);
        var head = LogHead.Read(bytes.AsSpan(0, read));
        if (head is null)
        {
            damage.Add(new(path, 0, "the file fails its checksum"));
        }
        else if (head.Value.Channel != channel)
        {
            damage.Add(new(path, 0, $"this is the log of {head.Value.Channel}, not of {channel}"));
        }

        return head;
    }

    private async ValueTask<bool> IsUnusedAsync(string segment, CancellationToken cancel)
    {
        var (buffer, length) = await ReadWholeAsync(files, segment, cancel);
        try
        {
            return length < SegmentHeader.Bytes || !buffer.AsSpan(SegmentHeader.Bytes..length).ContainsAnyExcept((byte)0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask ScanAsync(string path, ulong first, ulong? next, CancellationToken cancel)
    {
        var (buffer, length) = await ReadWholeAsync(files, path, cancel);
        try
        {
            var file = buffer.AsSpan(0, length);
            if (SegmentHeader.NewerFormat(file) is { } format)
            {
                WroteNewer(new(path, 0, $"the segment has format {format}, this program reads up to {SegmentHeader.NewestFormat}"));
                return;
            }

            if (SegmentHeader.Read(file) is not { } header || header.LogId != Head!.Value.LogId || header.First != first)
            {
                damage.Add(new(path, 0, "the segment's header fails its checksum, or is another segment's"));
                return;
            }

            if (segments.Count == 0)
            {
                Chain = new(header.Before.Epoch, []);
            }
            else if (header.Before != End with { Format = header.Before.Format } && damage.Count == 0)
            {
                damage.Add(new(path, 0, $"the segment continues another history ({header.Before}) than the one before it ends with ({End})"));
            }

            Take(path, header, SegmentScan.Of(file, header, next is { } limit ? limit - 1 : ulong.MaxValue), next);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Take(string path, SegmentHeader header, SegmentScan scan, ulong? next)
    {
        var segment = new Segment(path, header);
        foreach (var (group, offset) in scan.Groups)
        {
            segment.Added(group, offset, scan.EndOffset);
        }

        segments.Add(segment);
        found.Add((path, header.First, scan.End.Position.Number));
        if (damage.Count == 0)
        {
            Chain = scan.Fences.Aggregate(Chain, (chain, fence) => chain.With(fence));
        }

        // A segment does not say of which format the record before it is; the one before it does.
        End = scan.End.Format == 0 ? scan.End with { Format = End.Format } : scan.End;
        DurableOffset = scan.DurableOffset;
        hasGroups = scan.Groups.Count > 0;
        if (scan is { FaultIsNewer: true, Fault: var (place, newer) })
        {
            WroteNewer(new(path, place, newer));
        }
        else if (next is { } limit && scan.End.Position.Number + 1 != limit)
        {
            var (offset, what) = scan.Fault ?? (scan.EndOffset, $"record {scan.End.Position.Number + 1} is missing");
            damage.Add(new(path, offset, what));
        }
        else if (next is null && scan.Fault is var (at, fault))
        {
            if (scan.FaultIsDamage)
            {
                damage.Add(new(path, at, fault));
            }
            else
            {
                TornTail = new(path, scan.EndOffset, scan.TailBytes, fault);
            }
        }
    }

    private void WroteNewer(LogDamage place)
    {
        Newer ??= place;
        damage.Add(place);
    }
}
