using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Engine;

// What goes into a checkpoint and comes out of it.
public sealed partial class CollectionData
{
    /// <summary>Deleted, shadowed and crossed rows of a segment.</summary>
    private const int MarkLists = 3;

    /// <summary>The rows as they stand, held. Between two records only.</summary>
    internal DataCapture.Captured Capture()
    {
        lock (gate)
        {
            var held = snapshot ??= new(schema, partitions, segments);
            held.Hold();
            return new(Id, Shards, held, [.. compactions]);
        }
    }

    /// <summary>Puts back what was captured. Only before anybody sees the collection.</summary>
    /// <exception cref="RecordCorruptException">The description does not fit itself, its rows or the files that it names.</exception>
    internal async Task Restore(CapturedCollection described, RowWindow rows, CancellationToken cancel)
    {
        foreach (var segment in described.Segments)
        {
            await Restore(segment, rows, cancel);
        }

        foreach (var compaction in described.Compactions ?? [])
        {
            if (options.Unreadable is not null)
            {
                // Only looked at: nothing is built in this state, and inputs may be missing.
                foreach (var input in compaction.Inputs.Select(id => described.Segments.FirstOrDefault(s => s.Id == id)).OfType<CapturedSegment>())
                {
                    SegmentRows.ReadMarks(rows, input.Id, input.Rows, new());
                }

                continue;
            }

            var inputs = compaction.Inputs.Select(id => segments.Find(s => s.Id == id)).OfType<Segment>().ToList();
            PayloadReader.Require(inputs.Count == compaction.Inputs.Length && inputs.Count > 0, $"the compaction to {compaction.Output} has inputs that are not there");
            compactions.Add(new(compaction.Output, SchemaCheck.Whole(compaction.Schema), [.. inputs], [.. inputs.Select(i => ReadCut(i, rows))]));
        }
    }

    /// <summary>Begins what is to be built for what was restored.</summary>
    internal void Resume()
    {
        segments.ForEach(Advance);
        lock (turn)
        {
            compactions.ForEach(Gather);
        }
    }

    /// <summary>The rows in a segment's file; null where they cannot be read and that was asked for.</summary>
    private async Task<PackedRows?> Open(CapturedSegment described, StoredFileReference kept, CancellationToken cancel)
    {
        try
        {
            return await files.Open(new(Id, described.Partition, described.Shard, described.Id), kept, cancel);
        }
        catch (RecordCorruptException damaged) when (options.Unreadable is not null)
        {
            options.Unreadable(damaged.Message);
            return null;
        }
    }

    private static RowMarks.Frozen ReadCut(Segment input, RowWindow rows)
    {
        var cut = new RowMarks();
        SegmentRows.ReadMarks(rows, input.Id, input.Published, cut);
        return cut.Freeze();
    }

    private async Task Restore(CapturedSegment described, RowWindow rows, CancellationToken cancel)
    {
        PayloadReader.Require(
            described.Shard >= 0 && described.Shard < Shards && partitions.Contains(described.Partition) && segments.TrueForAll(s => s.Id != described.Id),
            $"segment {described.Id} does not fit its collection");
        PayloadReader.Require(
            described.Rows > 0 && !described.Columns.IsDefaultOrEmpty && described.Columns.Any(c => c.Field == described.Key)
            && (described.Sealed || (described.Kept is null && described.Published is null)),
            $"the description of segment {described.Id} is not whole");
        Segment segment;
        if (described.Kept is { } kept)
        {
            if (await Open(described, kept, cancel) is not { } opened)
            {
                for (var list = 0; list < MarkLists; list++)
                {
                    SegmentRows.ReadMarks(rows, described.Id, described.Rows, new());
                }

                return;
            }

            segment = Segment.Sealed(described.Id, described.Shard, described.Partition, opened);
            segments.Add(segment);
            PayloadReader.Require(
                opened.Rows == described.Rows && opened.Layout.Columns.SequenceEqual(described.Layout().Columns), $"the file {kept.Name} has other rows than segment {described.Id}");
        }
        else
        {
            segment = new(described.Id, described.Shard, described.Partition, described.Layout()) { IsSealed = described.Sealed };
            segments.Add(segment);
        }

        foreach (var marks in (RowMarks[])[segment.Dead, segment.Shadowed, segment.Crossed])
        {
            SegmentRows.ReadMarks(rows, described.Id, described.Rows, marks);
        }

        if (described.Kept is null)
        {
            SegmentRows.Read(rows, described, segment);
            segment.Published = segment.Store.Rows;
        }

        segment.File = described.Published;
        PayloadReader.Require(
            described.Sealed || growing.TryAdd((described.Shard, described.Partition), segment), $"two segments grow where {described.Id} does");
    }
}
