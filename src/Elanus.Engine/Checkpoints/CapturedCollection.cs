using System.Collections.Immutable;
using System.Text.Json;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>One collection, as a checkpoint describes it.</summary>
internal sealed record CapturedCollection(
    CollectionId Id, int Shards, CollectionSchema Schema, ImmutableArray<PartitionId> Partitions, ImmutableArray<CapturedSegment> Segments,
    ImmutableArray<CapturedCompaction>? Compactions = null)
{
    public static byte[] Write(IEnumerable<CapturedCollection> collections) => KeptJson.Write(json => CapturedJson.Write(json, collections));

    /// <exception cref="RecordCorruptException">The bytes are no list of collections that the engine can hold.</exception>
    public static IReadOnlyList<CapturedCollection> Read(ReadOnlySpan<byte> json)
    {
        CapturedCollection[]? read;
        try
        {
            read = KeptJson.Read(json, CapturedJson.Read);
        }
        catch (JsonException unreadable)
        {
            throw new RecordCorruptException("the list of collections is not readable", unreadable);
        }

        PayloadReader.Require(read is not null, "the list of collections is absent");
        return [.. read!.Select(c => c with { Schema = SchemaCheck.Whole(c.Schema) })];
    }
}
