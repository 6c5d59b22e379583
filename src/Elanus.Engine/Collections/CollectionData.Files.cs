using System.Collections.Immutable;
using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Engine;

// Publication, and compaction from its record to its end. Records decide; what is built meanwhile changes no answer.
public sealed partial class CollectionData
{
    private readonly List<PendingCompaction> compactions = [];

    /// <summary>Segments for which something may be built: those that stand, and outputs that do not yet. Under the lock.</summary>
    private IEnumerable<Segment> Building => segments.Concat(compactions.Select(c => c.Built).OfType<Segment>());

    /// <summary>The compactions whose outputs are not published, the oldest first.</summary>
    public IReadOnlyList<CompactionProgress> Compactions()
    {
        lock (gate)
        {
            return [.. compactions.Select(c => new CompactionProgress(c.Output, [.. c.Inputs.Select(i => i.Id)], c.Rows))];
        }
    }

    /// <summary>Records for files that are there and that the log does not name. A compaction's output is named when what is wanted for it is built.</summary>
    internal IReadOnlyList<Publish> Unpublished()
    {
        lock (gate)
        {
            return [.. segments.Where(s => s.File is null)
                .Concat(compactions.Select(c => c.Built).OfType<Segment>().Where(s => !indexes.Any(i => IsMissing(i, s))))
                .Where(s => s.OwnFile is not null)
                .Select(s => new Publish(Id, s.Id, s.OwnFile!))];
        }
    }

    /// <summary>The segments that are needed, and the files on which they stand.</summary>
    internal IReadOnlyList<(SegmentId Segment, ImmutableArray<string> Files)> Standing()
    {
        lock (gate)
        {
            return [
                .. segments.Select(s => (s.Id, FilesOf(s))),
                .. compactions.Select(c => (c.Output, c.Built is null ? [] : FilesOf(c.Built)))];
        }
    }

    /// <summary>What a compaction would make of each sealed segment, from old to new by place, if rows inserted before a moment died.</summary>
    public IReadOnlyList<SegmentWeight> Weigh(Timestamp expireBefore)
    {
        lock (gate)
        {
            return [.. segments.Where(s => s.IsSealed).Select(s => new SegmentWeight(
                s.Id, s.Partition, s.Shard, s.Published, Surviving(s, expireBefore), s.Store.Bytes, s.OwnFile is not null && s.File is not null,
                compactions.Exists(c => c.Inputs.Contains(s)), ColumnBytes(s)))];
        }
    }

    /// <summary>Judges which of the segments weighed fit together, as the records that merge them are judged.</summary>
    public MergedColumns NewMerge() => new(options.SegmentBytesMax);

    internal void RetryFiles()
    {
        List<Segment> waiting = [];
        List<PendingCompaction> failed = [];
        lock (turn)
        {
            lock (gate)
            {
                waiting = [.. Building.Where(s => s.IsSealed && (s.OwnFile is null || s.Builds.Faults.Values.Any(fault => fault.MayPass)))];
                waiting.ForEach(s => s.Builds.Retry());
                failed = compactions.FindAll(c => c.Fault is not null);
                failed.ForEach(c => c.Fault = null);
            }

            failed.ForEach(Gather);
        }

        waiting.ForEach(Advance);
    }

    private static ImmutableArray<string> FilesOf(Segment segment) =>
        [.. new[] { segment.File, segment.OwnFile }.OfType<StoredFileReference>().Select(f => f.Name)];

    private static int Surviving(Segment segment, Timestamp expireBefore)
    {
        var first = segment.Store.FirstNotBefore(expireBefore, segment.Published);
        return first == 0 ? segment.LiveRows : segment.Published - first - segment.Dead.Freeze().CountFrom(first);
    }

    /// <summary>
    /// Ends the compactions of an epoch that is over. No record behind its fence makes their outputs stand, and no checkpoint names them: files of theirs, which an earlier process may have
    /// written as the owner, go here.
    /// </summary>
    internal void EndCompactions()
    {
        List<PendingCompaction> ended;
        lock (turn)
        {
            ended = EndCompactions(_ => true);
        }

        files.Delete([.. ended.Select(compaction => compaction.Output)]);
    }

    private List<PendingCompaction> EndCompactions(Predicate<PendingCompaction> chosen)
    {
        List<PendingCompaction> ended = [];
        Change(() =>
        {
            ended = compactions.FindAll(chosen);
            compactions.RemoveAll(chosen);
            foreach (var compaction in ended)
            {
                if (compaction.Built is { } output)
                {
                    LetGo(output);
                }
            }
        });
        foreach (var compaction in ended)
        {
            compaction.Stop.Cancel();
            compaction.Built?.Builds.Running?.Cancel();
        }

        return ended;
    }

    private void Publish(Publish publish)
    {
        if (compactions.Find(c => c.Output == publish.Segment) is { } compaction)
        {
            EndCompaction(compaction, publish);
        }
        else if (segments.Find(s => s.Id == publish.Segment) is { IsSealed: true, File: null } segment)
        {
            Name(segment, publish);
        }
    }

    private void Name(Segment segment, Publish publish)
    {
        Change(() =>
        {
            segment.File = publish.File;
            segment.Builds.FileFault = null;
        });
        if (segment.OwnFile is { } own)
        {
            files.Compare(segment.Id, own, publish.File);
        }

        Advance(segment);
    }

    private void BeginCompaction(Compact compact, LogPosition position)
    {
        if (InputsOf(compact) is not { } inputs)
        {
            return;
        }

        PendingCompaction? begun = null;
        Change(() =>
        {
            foreach (var input in inputs)
            {
                var expired = input.Store.FirstNotBefore(compact.ExpireBefore, input.Published);
                for (var row = 0; row < expired; row++)
                {
                    input.Dead.Set(row);
                }
            }

            if (compact.ExpireBefore > Timestamp.Zero)
            {
                KeyCrossing.Settle(segments);
            }

            begun = new(Segment.IdOf(position, 0), schema, inputs);
            compactions.Add(begun);
        });
        Gather(begun!);
    }

    /// <summary>Begins to gather the output's rows. In the applier's turn.</summary>
    private void Gather(PendingCompaction compaction)
    {
        var stores = compaction.Inputs.Select(i => i.Store).ToList();
        stores.ForEach(store => store.Hold());
        background.Own(Gather(compaction, compaction.Gather(), stores));
    }

    /// <summary>The segments named, if they are neighbours and nothing else is being made of them; null otherwise.</summary>
    private ImmutableArray<Segment>? InputsOf(Compact compact)
    {
        if (compact.Inputs.IsEmpty || segments.Find(s => s.Id == compact.Inputs[0]) is not { } first)
        {
            return null;
        }

        // Segments of one place stand in the list in the order in which they began, and an output stands where its inputs stood.
        var inputs = segments.Where(s => s.Shard == first.Shard && s.Partition == first.Partition)
            .SkipWhile(s => s != first).Take(compact.Inputs.Length).ToImmutableArray();
        return inputs.Select(s => s.Id).SequenceEqual(compact.Inputs)
            && inputs.All(s => s.IsSealed && !compactions.Exists(c => c.Inputs.Contains(s)))
            && FitTogether(inputs) ? inputs : null;
    }

    /// <summary>Whether no column of the inputs together passes the bound on a segment's.</summary>
    private bool FitTogether(ImmutableArray<Segment> inputs)
    {
        var merged = NewMerge();
        return inputs.All(input => merged.TryAdd(ColumnBytes(input)));
    }

    private ImmutableArray<long> ColumnBytes(Segment segment) => [.. schema.Fields.Select(field => ValueBytes(segment, field))];

    private static long ValueBytes(Segment segment, FieldSchema field)
    {
        var column = segment.Store.Layout.Find(field.Id);
        if (column < 0)
        {
            return (ColumnSource.Absent(field).Constant?.Length ?? (long)ColumnLayout.Of(field).Width) * segment.Published;
        }

        long bytes = 0;
        for (var c = 0; c < segment.Store.ChunkCount(segment.Published); c++)
        {
            bytes += segment.Store.Chunk(c, segment.Published).ColumnAt(column).Values.Length;
        }

        return bytes;
    }

    private async Task Gather(PendingCompaction compaction, GatheredRows gathered, List<RowStore> stores)
    {
        var (packed, fault, _) = await Build(async () =>
        {
            await files.Verify(stores, compaction.Stop.Token);
            return await background.Run(stop => Result<PackedRows>.Ok(PackedRows.From(gathered, gathered.Rows, stop)), compaction.Stop.Token);
        });
        stores.ForEach(store => store.Release());
        Segment? built = null;
        lock (turn)
        {
            Change(() =>
            {
                compaction.Fault = fault;
                if (packed is not null && compactions.Contains(compaction))
                {
                    built = compaction.Built = OutputOf(compaction, packed);
                }
            });
        }

        if (built is null)
        {
            packed?.Release();
        }
        else
        {
            Advance(built);
        }
    }

    private static Segment OutputOf(PendingCompaction compaction, PackedRows rows) =>
        Segment.Sealed(compaction.Output, compaction.Inputs[0].Shard, compaction.Inputs[0].Partition, rows);

    /// <summary>The output takes the place of its inputs. Where its rows are not there yet they are gathered now: the record is applied whole.</summary>
    /// <exception cref="StoredFileDamagedException">They are needed now and a file that they lie in is damaged; nothing was changed.</exception>
    private void EndCompaction(PendingCompaction compaction, Publish publish)
    {
        var output = compaction.Built;
        if (output is null)
        {
            files.VerifyNow(compaction.Inputs.Select(input => input.Store));
            var gathered = compaction.Gather();
            output = OutputOf(compaction, PackedRows.From(gathered, gathered.Rows, CancellationToken.None));
        }

        Change(() =>
        {
            compactions.Remove(compaction);
            compaction.CarryMarks(output);
            segments[segments.IndexOf(compaction.Inputs[0])] = output;
            segments.RemoveAll(compaction.Inputs.Contains);
            foreach (var input in compaction.Inputs)
            {
                LetGo(input);
            }
        });
        compaction.Stop.Cancel();
        foreach (var input in compaction.Inputs)
        {
            input.Builds.Running?.Cancel();
        }

        Name(output, publish);
        if (output.Published == 0)
        {
            Remove(segment => segment == output);
        }
    }
}
