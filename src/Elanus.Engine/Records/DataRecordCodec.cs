using System.Collections.Immutable;
using System.Text;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// Between records and their bytes (docs/formats.md, data records). Encoding is deterministic; decoding checks every bound and views
/// columns in the payload, which stays unchanged as long as the record is used.
/// </summary>
public static class DataRecordCodec
{
    private const ushort Format = 1;
    private const ushort HasDeletes = 1;
    private const ushort HasRequest = 2;
    private const int HeaderBytes = 16;
    private const int GroupHeaderBytes = 24;

    /// <summary>Row groups of one record; it bounds the segments that a record can begin.</summary>
    public const int GroupsMax = 4096;

    public static EncodedRecord Encode(DataRecord record)
    {
        var payload = new PayloadWriter();
        payload.UInt16(Format);
        payload.UInt16(record is Write writing ? FlagsOf(writing) : (ushort)0);
        switch (record)
        {
            case CollectionCreated created:
                payload.Int32(created.Shards);
                payload.Int64(created.Collection.Value);
                Numbers(payload, created.Partitions.Select(p => p.Value));
                Schema(payload, created.Schema);
                break;
            case SchemaChanged changed:
                payload.Int32(0);
                payload.Int64(changed.Collection.Value);
                Schema(payload, changed.Schema);
                break;
            case PartitionCreated or PartitionDropped:
                payload.Int32(0);
                payload.Int64(record.Collection.Value);
                payload.Int64(record is PartitionCreated c ? c.Partition.Value : ((PartitionDropped)record).Partition.Value);
                break;
            case CollectionDropped or Truncated:
                payload.Int32(0);
                payload.Int64(record.Collection.Value);
                break;
            case Seal seal:
                payload.Int32(0);
                payload.Int64(seal.Collection.Value);
                Numbers(payload, seal.Segments.Select(s => s.Value));
                Numbers(payload, seal.Partitions.Select(p => p.Value));
                break;
            case Publish publish:
                payload.Int32(0);
                payload.Int64(publish.Collection.Value);
                payload.Int64(publish.Segment.Value);
                payload.Int64(publish.File.Length);
                payload.Int64((long)publish.File.Checksum);
                Text(payload, publish.File.Name);
                break;
            case Compact compact:
                payload.Int32(0);
                payload.Int64(compact.Collection.Value);
                payload.Int64((long)compact.ExpireBefore.Value);
                Numbers(payload, compact.Inputs.Select(s => s.Value));
                break;
            case Drop drop:
                payload.Int32(0);
                payload.Int64(drop.Collection.Value);
                payload.Int32(drop.Files.Length);
                payload.Int32(0);
                foreach (var file in drop.Files)
                {
                    payload.Int64(file.Segment.Value);
                    Text(payload, file.Name);
                }

                break;
            case Write write:
                payload.Int32(write.SchemaVersion);
                payload.Int64(write.Collection.Value);
                Write(payload, write);
                break;
            default:
                throw new InvariantBrokenException($"a record of type {record.GetType().Name} has no encoding");
        }

        return new(record.Kind, payload.Build());
    }

    /// <exception cref="RecordCorruptException">The payload is not a whole record of this kind.</exception>
    public static DataRecord Decode(int kind, ReadOnlyMemory<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var format = reader.UInt16();
        PayloadReader.Require(format == Format, $"format {format} is unknown");
        var flags = reader.UInt16();
        PayloadReader.Require(flags == 0 || (flags <= (HasDeletes | HasRequest) && kind == DataRecordKinds.Write), $"flags {flags} are unknown");
        var number = reader.Int32();
        var collection = new CollectionId(reader.Int64());
        DataRecord record = kind switch
        {
            DataRecordKinds.CollectionCreated => Created(ref reader, collection, number),
            DataRecordKinds.CollectionDropped => new CollectionDropped(collection),
            DataRecordKinds.SchemaChanged => new SchemaChanged(collection, Schema(ref reader)),
            DataRecordKinds.PartitionCreated => new PartitionCreated(collection, new(reader.Int64())),
            DataRecordKinds.PartitionDropped => new PartitionDropped(collection, new(reader.Int64())),
            DataRecordKinds.Truncated => new Truncated(collection),
            DataRecordKinds.Seal => new Seal(
                collection,
                [.. Numbers(ref reader).Select(s => new SegmentId(s))],
                Partitions(ref reader)),
            DataRecordKinds.Publish => ReadPublish(ref reader, collection),
            DataRecordKinds.Compact => new Compact(
                collection, ExpireBefore: new((ulong)reader.Int64()), Inputs: [.. Numbers(ref reader).Select(s => new SegmentId(s))]),
            DataRecordKinds.Drop => ReadDrop(ref reader, collection),
            DataRecordKinds.Write => ReadWrite(ref reader, collection, number, flags),
            _ => throw new RecordCorruptException($"data record kind 0x{kind:x4} is unknown"),
        };
        reader.End();
        return record;
    }

    /// <summary>The client call behind a write, without reading its rows; null where there is none.</summary>
    /// <exception cref="RecordCorruptException">The payload's beginning is damaged.</exception>
    public static RequestMark? RequestOf(ReadOnlyMemory<byte> payload)
    {
        var reader = new PayloadReader(payload);
        PayloadReader.Require(reader.UInt16() == Format, "the format is unknown");
        if ((reader.UInt16() & HasRequest) == 0)
        {
            return null;
        }

        reader.Skip(HeaderBytes - reader.Consumed);
        return RequestMark.Read(ref reader);
    }

    private static ushort FlagsOf(Write write) =>
        (ushort)((write.Deletes is null ? 0 : HasDeletes) | (write.Request is null ? 0 : HasRequest));

    private static CollectionCreated Created(ref PayloadReader reader, CollectionId collection, int shards)
    {
        PayloadReader.Require(shards is >= 1 and <= 1024, $"{shards} shards are out of range");
        var partitions = Partitions(ref reader);
        PayloadReader.Require(partitions.Distinct().Count() == partitions.Length, "a partition is named twice");
        return new(collection, Schema(ref reader), partitions, shards);
    }

    private static void Write(PayloadWriter payload, Write write)
    {
        write.Request?.Write(payload);
        if (write.Deletes is { } deletes)
        {
            Numbers(payload, deletes.Partitions.Select(p => p.Value));
            ColumnCodec.Write(payload, default, deletes.Keys);
        }

        Invariant.Holds(write.Inserts.Count <= GroupsMax, "a record has too many row groups");
        payload.Int32(write.Inserts.Count);
        payload.Int32(0);
        foreach (var group in write.Inserts)
        {
            payload.Int32(group.Shard);
            payload.Int32(group.Rows.Rows);
            payload.Int64(group.Partition.Value);
            payload.Int32(group.Rows.Columns.Count);
            payload.Int32(0);
            foreach (var column in group.Rows.Columns)
            {
                ColumnCodec.Write(payload, column.Field, column.Values);
            }
        }
    }

    private static Publish ReadPublish(ref PayloadReader reader, CollectionId collection)
    {
        var segment = new SegmentId(reader.Int64());
        var length = reader.Int64();
        var checksum = (ulong)reader.Int64();
        return new(collection, segment, new(Text(ref reader), length, checksum));
    }

    private static Drop ReadDrop(ref PayloadReader reader, CollectionId collection)
    {
        var files = new DroppedFile[reader.Count(2 * sizeof(long))];
        PayloadReader.Require(reader.Int32() == 0, "a list's header is damaged");
        for (var i = 0; i < files.Length; i++)
        {
            files[i] = new(new(reader.Int64()), Text(ref reader));
        }

        return new(collection, [.. files]);
    }

    private static Write ReadWrite(ref PayloadReader reader, CollectionId collection, int schemaVersion, ushort flags)
    {
        RequestMark? request = (flags & HasRequest) != 0 ? RequestMark.Read(ref reader) : null;
        KeyDelete? deletes = null;
        if ((flags & HasDeletes) != 0)
        {
            var partitions = Partitions(ref reader);
            deletes = new(ColumnCodec.Read(ref reader).Values, partitions);
        }

        var groups = new RowGroup[reader.Count(GroupHeaderBytes)];
        PayloadReader.Require(reader.Int32() == 0 && groups.Length <= GroupsMax, "the row groups' header is damaged");
        for (var i = 0; i < groups.Length; i++)
        {
            groups[i] = Group(ref reader);
        }

        return new(collection, schemaVersion, deletes, groups) { Request = request };
    }

    private static RowGroup Group(ref PayloadReader reader)
    {
        var shard = reader.Int32();
        var rows = reader.Int32();
        var partition = new PartitionId(reader.Int64());
        var columns = new FieldColumn[reader.Count(ColumnCodec.HeaderBytes)];
        PayloadReader.Require(reader.Int32() == 0 && rows > 0 && shard is >= 0 and < 1024, "a row group's header is damaged");
        var seen = new HashSet<FieldId>(columns.Length);
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = ColumnCodec.Read(ref reader);
            PayloadReader.Require(columns[i].Values.Rows == rows && seen.Add(columns[i].Field), $"column {columns[i].Field} is out of place");
        }

        return new(shard, partition, new(rows, columns));
    }

    private static void Numbers(PayloadWriter payload, IEnumerable<long> numbers)
    {
        var all = numbers.ToArray();
        payload.Int32(all.Length);
        payload.Int32(0);
        foreach (var number in all)
        {
            payload.Int64(number);
        }
    }

    private static long[] Numbers(ref PayloadReader reader)
    {
        var count = reader.Count(sizeof(long));
        PayloadReader.Require(reader.Int32() == 0, "a list's header is damaged");
        return reader.Int64s(count);
    }

    private static ImmutableArray<PartitionId> Partitions(ref PayloadReader reader) => [.. Numbers(ref reader).Select(p => new PartitionId(p))];

    private static void Schema(PayloadWriter payload, CollectionSchema schema) => Part(payload, SchemaCodec.Write(schema));

    private static CollectionSchema Schema(ref PayloadReader reader) => SchemaCodec.Read(Part(ref reader));

    private static void Text(PayloadWriter payload, string text) => Part(payload, Encoding.UTF8.GetBytes(text));

    private static string Text(ref PayloadReader reader) => Encoding.UTF8.GetString(Part(ref reader));

    private static void Part(PayloadWriter payload, byte[] bytes)
    {
        payload.Int32(bytes.Length);
        payload.Int32(0);
        payload.Bytes(bytes);
    }

    private static ReadOnlySpan<byte> Part(ref PayloadReader reader)
    {
        var length = reader.UInt32();
        PayloadReader.Require(reader.Int32() == 0, "the header of a part is damaged");
        return reader.Bytes(length).Span;
    }
}
