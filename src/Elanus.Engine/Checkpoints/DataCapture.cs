using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// All rows of a node between two records, held until it is disposed: what a checkpoint is written from while records go on being applied.
/// One thread at a time.
/// </summary>
public sealed class DataCapture : IDisposable
{
    private readonly ImmutableArray<Captured> collections;

    internal DataCapture(LogPosition position, Timestamp timestamp, IEnumerable<Captured> collections)
    {
        Position = position;
        Timestamp = timestamp;
        this.collections = [.. collections.OrderBy(c => c.Id.Value)];
    }

    /// <summary>The last record in it.</summary>
    public LogPosition Position { get; }

    public Timestamp Timestamp { get; }

    /// <summary>What there is, but for the rows: bytes to be kept beside those of <see cref="Rows"/>.</summary>
    public byte[] Describe() => CapturedCollection.Write(collections.Select(c => new CapturedCollection(
        c.Id, c.Shards, c.Snapshot.Schema, c.Snapshot.Partitions, [.. c.Snapshot.Segments.Select(CapturedSegment.Of)],
        c.Compactions.IsEmpty ? null : [.. c.Compactions.Select(p => new CapturedCompaction(p.Output, p.Schema, [.. p.Inputs.Select(i => i.Id)]))])));

    /// <summary>Names of the column files that the capture names, and that must stay as long as it may be restored.</summary>
    public IReadOnlyList<string> Files => [.. collections.SelectMany(c => c.Snapshot.Segments).Select(s => s.OwnFile?.Name).OfType<string>()];

    /// <summary>Marks and rows as bytes, a part of some megabytes at a time. Making a part is computing: it belongs on the work seam.</summary>
    public IEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> Rows() => collections.SelectMany(
        c => c.Snapshot.Segments.SelectMany(SegmentRows.Write).Concat(c.Compactions.Select(p => SegmentRows.Marks(p.Cut))));

    /// <summary>Bytes of the rows in <see cref="Rows"/>; marks and what describes blocks come besides.</summary>
    public long RowBytes => collections.SelectMany(c => c.Snapshot.Segments).Sum(SegmentRows.ValueBytes);

    /// <summary>Every row that was not deleted, segment by segment in the order of insertion.</summary>
    public IEnumerable<LiveRow> Live()
    {
        foreach (var (collection, segment) in collections.SelectMany(c => c.Snapshot.Segments.Select(s => (c, s))))
        {
            var schema = collection.Snapshot.Schema;
            for (var c = 0; c < segment.Store.ChunkCount(segment.Rows); c++)
            {
                var chunk = segment.Store.Chunk(c, segment.Rows);
                var columns = schema.Fields.Select(chunk.Column).ToList();
                for (var row = 0; row < chunk.Rows; row++)
                {
                    if (!segment.Dead[chunk.Start + row])
                    {
                        yield return new(collection.Id, schema, segment.Partition, segment.Store.TimestampAt(chunk.Start + row), columns, row);
                    }
                }
            }
        }
    }

    public void Dispose()
    {
        foreach (var collection in collections)
        {
            collection.Snapshot.Release();
        }
    }

    internal readonly record struct Captured(CollectionId Id, int Shards, Snapshot Snapshot, ImmutableArray<PendingCompaction> Compactions);
}
