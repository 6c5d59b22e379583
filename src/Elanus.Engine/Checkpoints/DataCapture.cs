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
    public byte[] Describe() => CapturedCollection.Write(collections.Select(
        c => new CapturedCollection(c.Id, c.Shards, c.Snapshot.Schema, c.Snapshot.Partitions, [.. c.Snapshot.Segments.Select(CapturedSegment.Of)])));

    /// <summary>Marks and rows as bytes, a part of some megabytes at a time. Making a part is computing: it belongs on the work seam.</summary>
    public IEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> Rows() => collections.SelectMany(c => c.Snapshot.Segments).SelectMany(SegmentRows.Write);

    public void Dispose()
    {
        foreach (var collection in collections)
        {
            collection.Snapshot.Release();
        }
    }

    internal readonly record struct Captured(CollectionId Id, int Shards, Snapshot Snapshot);
}
