using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

// What is built behind the applier for sealed segments: first their rows are packed, then written to a column file and read there from then on, then
// their indexes. One piece at a time for a segment; each is installed under the lock if the segment still stands, and thrown away if not.
public sealed partial class CollectionData
{
    private ImmutableArray<IndexDefinition> indexes = [];

    /// <summary>
    /// The indexes that the collection should have from now on. What is missing is built in the background, what is no longer named is dropped
    /// when its last view ends. A definition for a field that is not there yet waits for it. Any thread.
    /// </summary>
    public void SetIndexes(IReadOnlyList<IndexDefinition> wanted)
    {
        List<CancellationTokenSource> obsolete = [];
        List<Segment> standing = [];
        Change(() =>
        {
            indexes = [.. wanted];
            foreach (var segment in Building)
            {
                segment.Builds.Indexes.RemoveAll(index =>
                {
                    var gone = !indexes.Contains(index.Definition);
                    if (gone)
                    {
                        files.DeleteIndex(segment.Id, index, segment.OwnFile);
                        index.Release();
                    }

                    return gone;
                });
                foreach (var fault in segment.Builds.Faults.Keys.Where(f => !indexes.Contains(f)).ToList())
                {
                    segment.Builds.Faults.Remove(fault);
                }

                if (segment.Builds is { Building: { } building, Running: { } running } && !indexes.Contains(building))
                {
                    obsolete.Add(running);
                }
            }

            standing = [.. Building];
        });
        obsolete.ForEach(running => running.Cancel());
        standing.ForEach(Advance);
    }

    /// <summary>How far an index is; null where the collection has no such index.</summary>
    public IndexProgress? Progress(IndexId index)
    {
        lock (gate)
        {
            if (indexes.FirstOrDefault(i => i.Id == index) is not { } definition)
            {
                return null;
            }

            var pending = segments.Where(s => SegmentIndex.IsWanted(definition, s, options) && s.Builds.Find(definition) is null).ToList();
            var total = segments.Sum(s => (long)s.Published);
            var missing = pending.Sum(s => (long)s.Published - (s.Builds.Building == definition ? s.Builds.RowsDone : 0));
            var fault = pending.Select(s => s.Builds.PackFault ?? s.Builds.Faults.GetValueOrDefault(definition).Why).FirstOrDefault(f => f is not null);
            return new(total - missing, total, fault);
        }
    }

    /// <summary>Starts the next piece of work for a sealed segment, if there is one and none runs.</summary>
    private void Advance(Segment segment)
    {
        Func<Task> piece;
        lock (gate)
        {
            if (segment.Builds.Running is not null || segment.IsGone || !segment.IsSealed || segment.Builds.PackFault is not null)
            {
                return;
            }

            var source = segment.Store;
            if (source is not PackedRows packed)
            {
                var stop = segment.Builds.Begin(null);
                piece = () => Pack(segment, source, stop);
            }
            else if (files.Exist && packed.File is null)
            {
                if ((segment.File is null && !files.Owned) || segment.Builds.FileFault is not null)
                {
                    return;
                }

                var name = segment.File?.Name ?? files.NameOf(segment.Id);
                var stop = segment.Builds.Begin(null);
                piece = () => Keep(segment, packed, name, stop);
            }
            else if (indexes.FirstOrDefault(i => IsMissing(i, segment)) is { } next)
            {
                var stop = segment.Builds.Begin(next);
                piece = () => Index(segment, packed, next, stop);
            }
            else
            {
                return;
            }

            source.Hold();
        }

        background.Own(piece());
    }

    private bool IsMissing(IndexDefinition definition, Segment segment) =>
        SegmentIndex.IsWanted(definition, segment, options)
        && segment.Builds.Find(definition) is null && !segment.Builds.Faults.ContainsKey(definition);

    private async Task Pack(Segment segment, RowStore source, CancellationToken cancel)
    {
        var (packed, fault, _) = await Build(() => background.Run(stop => Result<PackedRows>.Ok(PackedRows.From(source, source.Rows, stop)), cancel));
        source.Release();
        Install(segment, packed, () => segment.Builds.PackFault = fault);
    }

    private async Task Keep(Segment segment, PackedRows rows, string name, CancellationToken cancel)
    {
        var (kept, fault, _) = await Build(() => files.Keep(PlaceOf(segment), rows, name, cancel));
        rows.Release();
        Install(segment, kept, () =>
        {
            segment.Builds.FileFault = fault;
            if (kept?.File is { } own && segment.File is { } published)
            {
                files.Compare(segment.Id, own.Reference, published);
            }
        });
    }

    /// <summary>Puts the same rows in another shape in their place, while no record is being applied.</summary>
    private void Install(Segment segment, PackedRows? rows, Action besides)
    {
        lock (turn)
        {
            Change(() =>
            {
                segment.Builds.End();
                besides();
                if (rows is not null && !segment.IsGone)
                {
                    segment.Replace(rows);
                    rows = null;
                }
            });
        }

        rows?.Release();
        Advance(segment);
    }

    private SegmentPlace PlaceOf(Segment segment) => new(Id, segment.Partition, segment.Shard, segment.Id);

    private async Task Index(Segment segment, PackedRows rows, IndexDefinition definition, CancellationToken cancel)
    {
        var (index, fault, mayPass) = await Build(() => files.Index(segment.Id, definition, rows, done => segment.Builds.RowsDone = done, cancel));
        rows.Release();
        Change(() =>
        {
            segment.Builds.End();
            if (segment.IsGone || !indexes.Contains(definition))
            {
                return;
            }

            if (index is not null)
            {
                segment.Builds.Indexes.Add(index);
                index = null;
            }
            else if (fault is not null)
            {
                segment.Builds.Faults.Add(definition, (fault, mayPass));
            }
        });
        index?.Release();
        Advance(segment);
    }

    /// <summary>
    /// A build's outcome: what was built, or why not; neither where it was cancelled. Whatever went wrong is kept and shown, and reads go on: they
    /// are right, only slower, without what was to be built. What was thrown (no memory, a disk that does not answer) may pass; what was answered would be answered again.
    /// </summary>
    private async Task<(T? Built, string? Fault, bool MayPass)> Build<T>(Func<Task<Result<T>>> build)
        where T : class
    {
        try
        {
            var result = await build();
            return result.TryGet(out var built, out var why) ? (built, null, false) : (null, why.ToString(), false);
        }
        catch (OperationCanceledException)
        {
            return (null, null, false);
        }
        catch (FailedSyncException lost)
        {
            files.Die(lost);
            return (null, lost.Message, false);
        }
        catch (Exception fault)
        {
            return (null, $"{fault.GetType().Name}: {fault.Message}", true);
        }
    }
}
