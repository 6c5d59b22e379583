using System.Buffers;
using System.Text.Json;
using Elanus.Engine;
using Elanus.Log;
using Elanus.Milvus.Rest;
using Elanus.Primitives;
using Elanus.Replication;
using Elanus.Roles;
using Elanus.Storage;

namespace Elanus.Server;

/// <summary>
/// Writes what can still be read of a stopped node's directory, however damaged, as JSON lines: the rows of the newest checkpoint that is whole, but for those in segment files that are not, then every
/// write, drop and truncation that stands whole in the log's files, in their order, then those of the tails that were kept when another history replaced them. A write that stands there was
/// written; whether it was still part of the history is not known, so rows come also where a drop follows. One run each.
/// </summary>
/// <param name="files">Where the directory is.</param>
/// <param name="work">Checksums are computed here.</param>
/// <param name="sink">Takes the lines, many at a time; its failure ends the run.</param>
public sealed class Salvage(IFileSystem files, IWorkScheduler work, Func<ReadOnlyMemory<byte>, ValueTask<Result<Unit>>> sink)
{
    private const int FlushBytes = 64 * 1024;

    private readonly ArrayBufferWriter<byte> lines = new();
    private readonly Dictionary<CollectionId, CollectionSchema> schemas = [];
    private readonly List<string> unreadable = [];
    private string source = "log";
    private long rowsOfRecords;

    /// <summary>A directory that is in use is a failure.</summary>
    public async Task<Result<SalvageReport>> Run(string path, CancellationToken cancel)
    {
        if (!(await DataDirectory.OpenExisting(files, path, cancel)).TryGet(out var directory, out var failure))
        {
            return failure;
        }

        await using (directory)
        {
            if (!(await Checkpoint(directory, cancel)).TryGet(out var checkpoint, out failure))
            {
                return failure;
            }

            if (!(await Records(source, LogSalvage.ReadAsync(files, directory.LogPath, DirectoryInspection.Channel, cancel))).TryGet(out var log, out failure))
            {
                return failure;
            }

            var tails = new List<SalvagedTail>();
            var kept = new List<string>((await files.ListAsync($"{path}/{RepairInstallation.Folder}", cancel) ?? []).Select(entry => $"{path}/{RepairInstallation.Folder}/{entry.Name}"));
            foreach (var entry in await files.ListAsync($"{path}/{SalvageFile.Folder}", cancel) ?? [])
            {
                var name = $"{SalvageFile.Folder}/{entry.Name}";
                if (entry.IsDirectory)
                {
                    kept.Add($"{path}/{name}");
                }
                else if (entry.Name.EndsWith(SalvageFile.End, StringComparison.Ordinal))
                {
                    if (!(await Records(name, LogSalvage.ReadFileAsync(files, $"{path}/{name}", DirectoryInspection.Channel, cancel))).TryGet(out var tail, out failure))
                    {
                        return failure;
                    }

                    tails.Add(tail);
                }
            }

            return new SalvageReport(checkpoint.Name, checkpoint.Rows, log.Records, log.Rows, tails, kept, unreadable);
        }
    }

    private async Task<Result<SalvagedTail>> Records(string name, IAsyncEnumerable<LogRecord> found)
    {
        source = name;
        rowsOfRecords = 0;
        long records = 0;
        await foreach (var record in found)
        {
            records++;
            Take(record);
            if (!(await Flush(FlushBytes)).TryGet(out _, out var failure))
            {
                return failure;
            }
        }

        return (await Flush(1)).TryGet(out _, out var refused) ? new SalvagedTail(name, records, rowsOfRecords) : refused;
    }

    /// <summary>The rows of the newest checkpoint that can be read, with the schemas that it has.</summary>
    private async Task<Result<(string? Name, long Rows)>> Checkpoint(DataDirectory directory, CancellationToken cancel)
    {
        var checkpoints = new CheckpointFiles(DirectorySegmentStore.AsItIs(files, directory.CheckpointsPath), DirectoryInspection.Channel);
        foreach (var name in await checkpoints.ListAsync(cancel))
        {
            if (!(await checkpoints.OpenAsync(name, work, cancel)).TryGet(out var checkpoint, out var failure))
            {
                unreadable.Add(failure.Sentence);
                continue;
            }

            using (checkpoint)
            {
                var store = DirectorySegmentStore.AsItIs(files, directory.SegmentsPath);
                var options = new EngineOptions
                {
                    IndexedRowsMin = int.MaxValue,
                    VerifyFilesFirst = true,
                    Unreadable = sentence => unreadable.Add($"rows of the checkpoint {name}: {sentence}"),
                };
                await using var state = new DataState(DirectoryInspection.Channel, work, options, store);
                try
                {
                    await new DataCheckpoint(state).Restore(checkpoint, cancel);
                }
                catch (Exception damaged) when (damaged is InvalidDataException or IOException)
                {
                    unreadable.Add(damaged.Message);
                    continue;
                }

                using var capture = state.Capture();
                long rows = 0;
                foreach (var row in capture.Live())
                {
                    schemas[row.Collection] = row.Schema;
                    Line(line => Row(line, "checkpoint", name.Position, row.Inserted, row.Collection, row.Partition, row.Schema.Fields.Zip(row.Columns), row.Row));
                    rows++;
                    if (!(await Flush(FlushBytes)).TryGet(out _, out failure))
                    {
                        return failure;
                    }
                }

                return (name.ToString(), rows);
            }
        }

        return (null, 0L);
    }

    private void Take(in LogRecord record)
    {
        if (!DataRecordKinds.Contains(record.Kind.Value))
        {
            return;
        }

        DataRecord read;
        try
        {
            read = DataRecordCodec.Decode(record.Kind.Value, record.Payload);
        }
        catch (RecordCorruptException broken)
        {
            unreadable.Add($"record {record.Position.Number} of {source}: {broken.Message}");
            return;
        }

        switch (read)
        {
            case CollectionCreated created:
                schemas[created.Collection] = created.Schema;
                break;
            case SchemaChanged changed:
                schemas[changed.Collection] = changed.Schema;
                break;
            case Write write:
                Take(write, record.Position, record.Timestamp);
                break;
            case PartitionDropped dropped:
                Removed("drop", record, dropped.Collection, dropped.Partition);
                break;
            case CollectionDropped dropped:
                Removed("drop", record, dropped.Collection, partition: null);
                break;
            case Truncated truncated:
                Removed("truncate", record, truncated.Collection, partition: null);
                break;
        }
    }

    /// <summary>All rows of a collection, or of one partition of it, went.</summary>
    private void Removed(string op, LogRecord record, CollectionId collection, PartitionId? partition) => Line(line =>
    {
        Head(line, source, op, record.Position, record.Timestamp, collection);
        if (partition is { } only)
        {
            line.WriteNumber("partition", only.Value);
        }
    });

    private void Take(Write write, LogPosition position, Timestamp time)
    {
        if (write.Deletes is { } deletes)
        {
            Line(line => Delete(line, position, time, write.Collection, deletes));
        }

        foreach (var group in write.Inserts)
        {
            var fields = schemas.GetValueOrDefault(write.Collection)?.Fields ?? [];
            var columns = group.Rows.Columns.Select(c => (fields.FirstOrDefault(f => f.Id == c.Field) ?? new() { Id = c.Field, Name = $"{c.Field}", Type = c.Values.Type }, c.Values)).ToList();
            for (var row = 0; row < group.Rows.Rows; row++)
            {
                var at = row;
                Line(line => Row(line, source, position, time, write.Collection, group.Partition, columns, at));
                rowsOfRecords++;
            }
        }
    }

    private void Delete(Utf8JsonWriter line, LogPosition position, Timestamp time, CollectionId collection, KeyDelete deletes)
    {
        Head(line, source, "delete", position, time, collection);
        line.WriteStartArray("partitions");
        foreach (var partition in deletes.Partitions)
        {
            line.WriteNumberValue(partition.Value);
        }

        line.WriteEndArray();
        line.WriteStartArray("keys");
        for (var row = 0; row < deletes.Keys.Rows; row++)
        {
            ColumnJson.WriteValue(line, deletes.Keys, row, int64AsNumbers: true);
        }

        line.WriteEndArray();
    }

    private void Row(
        Utf8JsonWriter line,
        string from,
        LogPosition position,
        Timestamp time,
        CollectionId collection,
        PartitionId partition,
        IEnumerable<(FieldSchema Field, ColumnBlock Values)> columns,
        int row)
    {
        Head(line, from, "insert", position, time, collection);
        line.WriteNumber("partition", partition.Value);
        line.WriteStartObject("row");
        foreach (var (field, values) in columns)
        {
            line.WritePropertyName(field.Name);
            ColumnJson.WriteValue(line, values, row, int64AsNumbers: true);
        }

        line.WriteEndObject();
    }

    private void Head(Utf8JsonWriter line, string from, string op, LogPosition position, Timestamp time, CollectionId collection)
    {
        line.WriteString("source", from);
        line.WriteString("op", op);
        line.WriteNumber("position", position.Number);
        line.WriteNumber("timestamp", time.Value);
        line.WriteString("collection", schemas.GetValueOrDefault(collection)?.Name ?? $"{collection}");
        line.WriteNumber("collectionId", collection.Value);
    }

    private void Line(Action<Utf8JsonWriter> content)
    {
        using (var line = new Utf8JsonWriter(lines))
        {
            line.WriteStartObject();
            content(line);
            line.WriteEndObject();
        }

        lines.Write("\n"u8);
    }

    private async ValueTask<Result<Unit>> Flush(int least)
    {
        if (lines.WrittenCount < least)
        {
            return Result.Ok;
        }

        var taken = await sink(lines.WrittenMemory);
        lines.ResetWrittenCount();
        return taken;
    }
}
