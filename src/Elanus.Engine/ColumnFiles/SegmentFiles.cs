using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.ExceptionServices;
using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Engine;

/// <summary>
/// A node's column files: their names, which of them are needed no more, and how rows get into one. Any thread; the epoch is the applier's.
/// Without a store (all in memory) nothing of this happens.
/// </summary>
internal sealed class SegmentFiles(ISegmentStore? store, BackgroundWork background, EngineOptions options)
{
    private const string ColumnsSuffix = ".cols";
    private const int SegmentDigits = 16;

    /// <summary>Blocks of 256 KiB that are checked in one piece of background work: some milliseconds.</summary>
    private const int ScrubBlocks = 64;

    /// <summary>
    /// Files that are checked at the same time. Each has a mapping besides the one that is read, and a process may have 65,530 of them: all files at once would halve how many a node can have.
    /// </summary>
    private const int ScrubbedMax = 4;

    private readonly Lock gate = new();
    private readonly Queue<string> toScrub = [];
    private int scrubbed;
    private readonly Dictionary<SegmentId, (CollectionId Collection, string Name)> retired = [];
    private long beingWritten;
    private readonly TaskCompletionSource<Exception> death = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends the checks of files. Holds no timer or handle, so nobody disposes it.</summary>
    private CancellationTokenSource Scrubbing { get; } = new();

    public bool Exist => store is not null;

    /// <summary>The epoch of the last fence applied.</summary>
    public Epoch Epoch { get; set; }

    /// <summary>This node owns the channel: it writes files before the log names them.</summary>
    public bool Owned { get; set; }

    /// <summary>Segments whose files may be dropped by the log.</summary>
    public ImmutableArray<Drop> Unneeded
    {
        get
        {
            lock (gate)
            {
                return [.. retired.OrderBy(r => r.Key.Value).GroupBy(r => r.Value.Collection, r => new DroppedFile(r.Key, r.Value.Name)).Select(g => new Drop(g.Key, [.. g]))];
            }
        }
    }

    /// <summary>The name under which this node, as owner, writes a segment's rows. It holds the epoch: whatever an ended one left can be told.</summary>
    public string NameOf(SegmentId segment) => $"{Prefix(segment)}{Epoch.Number:x8}-{Epoch.Claim.High >> 32:x8}{ColumnsSuffix}";

    /// <summary>Ends with the reason why this state cannot go on: its rows are not those of the log, or an fsync failed.</summary>
    public Task<Exception> Death => death.Task;

    public void Die(Exception why) => death.TrySetResult(why);

    /// <summary>Checks no more; before the background work is awaited.</summary>
    public void Stop() => Scrubbing.Cancel();

    /// <summary>Throws why this state cannot go on, where it cannot: nothing is applied to it any more.</summary>
    public void ThrowIfDead()
    {
        if (death.Task.IsCompletedSuccessfully)
        {
            ExceptionDispatchInfo.Throw(death.Task.Result);
        }
    }

    /// <summary>Compares a file of this node with what the log says it must be.</summary>
    public void Compare(SegmentId segment, StoredFileReference own, StoredFileReference published)
    {
        if (own.Length != published.Length || own.Checksum != published.Checksum)
        {
            Die(new InvariantBrokenException(
                $"the rows of segment {segment} are others here ({own}) than the owner published ({published}): this node's state is not the log's"));
        }
    }

    /// <summary>The rows in a column file: one that is there already, or a new one.</summary>
    public async Task<Result<PackedRows>> Keep(SegmentPlace place, PackedRows rows, string name, CancellationToken cancel)
    {
        var file = await store!.OpenAsync(name, cancel);
        if (file is not null)
        {
            Check(file);
        }
        else
        {
            var written = await Write(ColumnFile.BytesOf(place, rows.Parts), room => ColumnFile.Write(store, name, place, rows.Parts, room, cancel));
            if (!written.Succeeded)
            {
                return written.Failure;
            }

            file = await store.OpenAsync(name, cancel);
        }

        if (file is null)
        {
            return new Failure(FailureCode.Internal, $"the file {name} is being deleted");
        }

        if (ColumnFile.Open(file, place) is { } parts)
        {
            return new PackedRows(parts);
        }

        file.Dispose();
        return new Failure(FailureCode.Internal, $"{file.Path} does not hold the rows of segment {place.Segment}");
    }

    /// <summary>The rows of a segment where a file of this node holds them.</summary>
    /// <exception cref="RecordCorruptException">The file is gone, damaged at its ends, or another.</exception>
    public async Task<PackedRows> Open(SegmentPlace place, StoredFileReference reference, CancellationToken cancel)
    {
        StoredFile? file = null;
        try
        {
            file = store is null ? null : await store.OpenAsync(reference.Name, cancel);
        }
        catch (StoredFileDamagedException damaged)
        {
            throw new RecordCorruptException(damaged.Message, damaged);
        }

        PayloadReader.Require(file is not null, $"the column file {reference.Name} of segment {place.Segment} is gone");
        try
        {
            Check(file!);
        }
        catch (StoredFileDamagedException damaged)
        {
            throw new RecordCorruptException(damaged.Message, damaged);
        }

        if (file!.Reference == reference && ColumnFile.Open(file, place) is { } parts)
        {
            return new PackedRows(parts);
        }

        file.Dispose();
        throw new RecordCorruptException($"{file.Path} does not hold the rows of segment {place.Segment}");
    }

    /// <summary>
    /// Compares the files that rows lie in with their checksums, in pieces of background work, before new files are made of those rows. Damage ends this state: what
    /// was made of it would have whole checksums and other rows than those of the log. The rows are held meanwhile.
    /// </summary>
    /// <exception cref="StoredFileDamagedException">One is damaged.</exception>
    public async Task Verify(IEnumerable<RowStore> rows, CancellationToken cancel)
    {
        foreach (var file in FilesOf(rows))
        {
            Require(await FirstDamage(file, cancel));
        }
    }

    /// <summary>The same on the caller's thread.</summary>
    /// <exception cref="StoredFileDamagedException">One is damaged.</exception>
    public void VerifyNow(IEnumerable<RowStore> rows)
    {
        foreach (var file in FilesOf(rows))
        {
            Require(Damage(file, 0, file.Blocks));
        }
    }

    /// <summary>
    /// A segment's index from its file where that is there and whole; otherwise built, and then read from a file where one can be written. Rows in memory have indexes in memory.
    /// </summary>
    public async Task<Result<SegmentIndex>> Index(SegmentId segment, IndexDefinition definition, PackedRows rows, Action<int> progress, CancellationToken cancel)
    {
        if (store is null || rows.File?.Reference is not { } columns)
        {
            return await background.Run(stop => SegmentIndex.Build(definition, rows, progress, stop), cancel);
        }

        var name = IndexFile.NameOf(segment, definition, columns);
        var (found, damaged) = await OpenIndex(name, definition, rows, cancel);
        if (found is not null)
        {
            return found;
        }

        var built = await background.Run(stop => SegmentIndex.Build(definition, rows, progress, stop), cancel);
        if (!built.TryGet(out var index, out var why))
        {
            return why;
        }

        if (damaged)
        {
            // Its name is not used again by this process; the next start finds none and writes a new one.
            await store.DeleteAsync(name, cancel);
            return index;
        }

        try
        {
            // Where there is no room for the file the index serves from memory, and is built again after the next start.
            var written = await Write(index.Bytes, room => IndexFile.Write(store, segment, index, columns, room, cancel));
            (found, _) = written.Succeeded ? await OpenIndex(name, definition, rows, cancel) : (null, false);
        }
        catch
        {
            index.Release();
            throw;
        }

        if (found is null)
        {
            return index;
        }

        index.Release();
        return found;
    }

    /// <summary>Deletes the file of an index that is no longer wanted.</summary>
    public void DeleteIndex(SegmentId segment, SegmentIndex index, StoredFileReference? rows)
    {
        if (store is not null && rows is not null && index.IsMapped)
        {
            background.Own(Delete([IndexFile.NameOf(segment, index.Definition, rows)]));
        }
    }

    /// <summary>Remembers that a segment is gone, so that its files may be dropped.</summary>
    public void Retire(CollectionId collection, Segment segment)
    {
        if ((segment.File ?? segment.OwnFile) is { } file)
        {
            lock (gate)
            {
                retired[segment.Id] = (collection, file.Name);
            }
        }
    }

    /// <summary>Deletes everything that is kept for segments, each file when its last pin goes.</summary>
    public void Delete(IReadOnlyCollection<SegmentId> segments)
    {
        lock (gate)
        {
            foreach (var segment in segments)
            {
                retired.Remove(segment);
            }
        }

        if (store is not null && segments.Count > 0)
        {
            var prefixes = segments.Select(Prefix).ToHashSet();
            background.Own(DeleteFound(name => prefixes.Any(p => name.StartsWith(p, StringComparison.Ordinal))));
        }
    }

    /// <summary>
    /// Looks through what a stop left: column files of ended epochs on which no segment stands may be dropped by the log; indexes of such segments,
    /// and files that were written for a segment and never published, the log does not know of, so they are deleted.
    /// </summary>
    /// <param name="look">The segments that stand now, and the files on which they do, by the log or here.</param>
    /// <param name="cancel">Ends the search.</param>
    public async Task FindUnneeded(Func<IReadOnlyDictionary<SegmentId, ImmutableArray<string>>> look, CancellationToken cancel)
    {
        // The files first: what was written for a segment is there only after the segment is.
        var found = store is null ? [] : await store.ListAsync(cancel);
        var standing = look();
        foreach (var entry in found)
        {
            if (!TryParse(entry.Name, out var segment, out var epoch))
            {
                continue;
            }

            var isColumns = entry.Name.EndsWith(ColumnsSuffix, StringComparison.Ordinal);
            var stands = standing.TryGetValue(segment, out var names);
            if (isColumns && !stands && epoch < Epoch.Number)
            {
                lock (gate)
                {
                    retired.TryAdd(segment, (default, entry.Name));
                }
            }
            else if (isColumns ? stands && epoch < Epoch.Number && !names.Contains(entry.Name) : !stands)
            {
                await store!.DeleteAsync(entry.Name, cancel);
            }
        }
    }

    /// <summary>
    /// Deletes the files of segments that began at or before a position and do not stand there: an id is the place of the record that began its segment, so no record behind
    /// the position makes one of them stand again. Files of segments that began later are left: the log may lead to them. The next owner's log tells the other nodes too.
    /// </summary>
    /// <param name="at">The position of the state; none of its records is being applied.</param>
    /// <param name="standing">The segments that stand there, and outputs of compactions that are not published.</param>
    /// <param name="cancel">Ends the search.</param>
    public async Task DropLeft(LogPosition at, IReadOnlySet<SegmentId> standing, CancellationToken cancel)
    {
        List<string> left = [];
        foreach (var entry in store is null ? [] : await store.ListAsync(cancel))
        {
            if (!TryParse(entry.Name, out var segment, out _) || standing.Contains(segment))
            {
                continue;
            }

            var first = Segment.FirstOf(segment);
            if (first.Channel != at.Channel || first > at)
            {
                continue;
            }

            left.Add(entry.Name);
            if (entry.Name.EndsWith(ColumnsSuffix, StringComparison.Ordinal))
            {
                lock (gate)
                {
                    retired.TryAdd(segment, (default, entry.Name));
                }
            }
        }

        background.Own(Delete(left));
    }

    /// <summary>
    /// Writes a file if the disk has room for it, for those that are being written, and for what it must leave: a try that fills the disk, again and again, would stop the log beside it.
    /// </summary>
    private async Task<Result<StoredFileReference>> Write(long bytes, Func<long, Task<Result<StoredFileReference>>> write)
    {
        try
        {
            return await write(Interlocked.Add(ref beingWritten, bytes) + options.RoomLeftMin);
        }
        finally
        {
            Interlocked.Add(ref beingWritten, -bytes);
        }
    }

    private async Task<(SegmentIndex? Index, bool Damaged)> OpenIndex(string name, IndexDefinition definition, PackedRows rows, CancellationToken cancel)
    {
        try
        {
            if (await store!.OpenAsync(name, cancel) is not { } file)
            {
                return (null, false);
            }

            SegmentIndex? index = null;
            try
            {
                (await background.Run(_ => IndexFile.View(file, definition, rows), cancel)).TryGet(out index, out _);
                return (index, index is null);
            }
            finally
            {
                if (index is null)
                {
                    file.Dispose();
                }
            }
        }
        catch (StoredFileDamagedException)
        {
            return (null, true);
        }
    }

    /// <summary>
    /// Compares a file that was there before with its checksums: now, or in small pieces behind the reads, which it must not hold up. Damage that is found then ends
    /// this state: what was read from the file is not to be trusted.
    /// </summary>
    /// <exception cref="StoredFileDamagedException">It is damaged; it is closed.</exception>
    private void Check(StoredFile file)
    {
        if (!options.VerifyFilesFirst)
        {
            lock (gate)
            {
                toScrub.Enqueue(file.Reference.Name);
                if (scrubbed == ScrubbedMax)
                {
                    return;
                }

                scrubbed++;
            }

            background.Own(Scrub());
        }
        else if (file.Verify(null, CancellationToken.None) is [var damage, ..])
        {
            file.Dispose();
            throw new StoredFileDamagedException(damage);
        }
    }

    /// <summary>Checks what waits for it, one file after the other, each opened when its turn comes.</summary>
    private async Task Scrub()
    {
        while (true)
        {
            string? name;
            lock (gate)
            {
                if (Scrubbing.IsCancellationRequested || !toScrub.TryDequeue(out name))
                {
                    scrubbed--;
                    return;
                }
            }

            await Scrub(name);
        }
    }

    private async Task Scrub(string name)
    {
        try
        {
            using var file = await store!.OpenAsync(name, CancellationToken.None);
            if (file is not null && await FirstDamage(file, Scrubbing.Token) is { } damage)
            {
                Die(new StoredFileDamagedException(damage));
            }
        }
        catch (StoredFileDamagedException damaged)
        {
            Die(damaged);
        }
        catch (OperationCanceledException)
        {
            // The state ends; the next start checks again.
        }
        catch (IOException)
        {
            // It cannot be opened a second time (mappings or descriptors are short): what is read of it stays, and the next start checks again.
        }
    }

    private static IEnumerable<StoredFile> FilesOf(IEnumerable<RowStore> rows) => rows.OfType<PackedRows>().Select(packed => packed.File).OfType<StoredFile>();

    private void Require(StoredFileDamage? damage)
    {
        if (damage is not null)
        {
            var why = new StoredFileDamagedException(damage);
            Die(why);
            throw why;
        }
    }

    private async Task<StoredFileDamage?> FirstDamage(StoredFile file, CancellationToken cancel)
    {
        for (var block = 0; block < file.Blocks; block += ScrubBlocks)
        {
            var from = block;
            if (await background.Run(_ => Damage(file, from, Math.Min(from + ScrubBlocks, file.Blocks)), cancel) is { } damage)
            {
                return damage;
            }
        }

        return null;
    }

    private static StoredFileDamage? Damage(StoredFile file, int from, int to)
    {
        for (var block = from; block < to; block++)
        {
            if (file.VerifyBlock(block) is { } damage)
            {
                return damage;
            }
        }

        return null;
    }

    private static string Prefix(SegmentId segment) => segment.Value.ToString("x16", CultureInfo.InvariantCulture) + "-";

    private static bool TryParse(string name, out SegmentId segment, out ulong epoch)
    {
        var parts = name.Split('-');
        segment = default;
        epoch = 0;
        if (parts.Length < 2 || parts[0].Length != SegmentDigits || !long.TryParse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var id))
        {
            return false;
        }

        segment = new(id);
        return ulong.TryParse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out epoch);
    }

    private async Task DeleteFound(Predicate<string> chosen) =>
        await Delete((await store!.ListAsync(CancellationToken.None)).Select(entry => entry.Name).Where(name => chosen(name)));

    private async Task Delete(IEnumerable<string> names)
    {
        try
        {
            foreach (var name in names)
            {
                try
                {
                    await store!.DeleteAsync(name, CancellationToken.None);
                }
                catch (IOException kept) when (kept is not FailedSyncException)
                {
                    // It stays, and the next start, or the next owner, finds it; the others go.
                }
            }
        }
        catch (FailedSyncException lost)
        {
            Die(lost);
        }
    }
}
