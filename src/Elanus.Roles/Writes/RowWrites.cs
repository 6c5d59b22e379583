using System.Globalization;
using Elanus.Engine;
using Elanus.Expressions;

namespace Elanus.Roles;

/// <summary>The proxy's writes: insert, upsert, delete. Each is one record: all of it is shown, or nothing.</summary>
public sealed class RowWrites(ProxyContext proxy)
{
    /// <summary>Inserts rows. Existing keys are not looked for, as in Milvus: both rows count, and reads show the newer.</summary>
    public async Task<Result<WriteAnswer>> Insert(InsertCall call, CancellationToken cancel)
    {
        if (!Target(call.Database, call.Collection, call.Partition, forRows: true).TryGet(out var target, out var failure))
        {
            return failure;
        }

        var (collection, partition) = target;
        var key = collection.Schema.PrimaryKey;
        var ownKeys = key.AutoId && RowIntake.Find(call.Columns, key) is not null;
        if (ownKeys && !collection.Properties.IsTrue(CollectionProperties.AllowInsertAutoId))
        {
            return Failure.Invalid($"Cannot passing primary field data when auto id is enabled, field name: {key.Name}");
        }

        if (!(ownKeys ? Result<ColumnBlock?>.Ok(null) : await AutoIds(collection, call.Rows, cancel)).TryGet(out var autoIds, out failure)
            || !RowIntake.Accept(collection.Schema, call.Rows, call.Columns, autoIds, proxy.Limits).TryGet(out var rows, out failure))
        {
            return failure;
        }

        var write = new Write(collection.Id, collection.Schema.Version, null, RowPlacement.Groups(collection, rows, partition!));
        return await Done(write, rows.Find(key.Id), inserted: rows.Rows, deleted: 0, cancel);
    }

    /// <summary>Replaces the rows of the given keys, or inserts them where there are none.</summary>
    public async Task<Result<WriteAnswer>> Upsert(InsertCall call, CancellationToken cancel)
    {
        if (!Target(call.Database, call.Collection, call.Partition, forRows: true).TryGet(out var target, out var failure))
        {
            return failure;
        }

        var (collection, partition) = target;
        var key = collection.Schema.PrimaryKey;
        var columns = call.Columns;
        if (RowIntake.Find(columns, key) is not { } keys)
        {
            return Failure.Invalid($"upsert needs the primary key: field {key.Name} has no data");
        }

        if (keys.Type != key.Type || keys.Rows != call.Rows)
        {
            return Failure.Invalid($"primary key field {key.Name} has {keys.Rows} values of type {keys.Type}; {call.Rows} of type {key.Type} were expected");
        }

        if (KeySet.FirstDuplicate(keys) is { } twice)
        {
            return Failure.Invalid($"duplicate primary keys are not allowed in the same batch: {KeySet.Show(keys, twice)} (field {key.Name})");
        }

        if (call.Partial)
        {
            if (!(await PartialRows.Complete(proxy, collection, call, keys, cancel)).TryGet(out columns, out failure))
            {
                return failure;
            }
        }

        if (!(await AutoIds(collection, call.Rows, cancel)).TryGet(out var autoIds, out failure)
            || !RowIntake.Accept(collection.Schema, call.Rows, columns, autoIds, proxy.Limits).TryGet(out var rows, out failure))
        {
            return failure;
        }

        var write = new Write(
            collection.Id,
            collection.Schema.Version,
            new(keys, []),
            RowPlacement.Groups(collection, rows, partition!));
        return await Done(write, rows.Find(key.Id), inserted: rows.Rows, deleted: keys.Rows, cancel);
    }

    /// <summary>Deletes by expression. The keys it matches are decided here, on a state as fresh as the consistency level asks.</summary>
    public async Task<Result<WriteAnswer>> Delete(DeleteCall call, CancellationToken cancel)
    {
        if (!Target(call.Database, call.Collection, call.Partition, forRows: false).TryGet(out var target, out var failure))
        {
            return failure;
        }

        var (collection, partition) = target;
        if (string.IsNullOrWhiteSpace(call.Filter))
        {
            return Failure.Invalid("delete expression should not be empty");
        }

        if (!ExpressionCompiler.Compile(call.Filter, collection.Schema, call.Templates).TryGet(out var plan, out failure))
        {
            return failure;
        }

        PartitionId[] partitions = partition is null ? [] : [partition.Id];
        ColumnBlock keys;
        if (plan.KeysOf(collection.Schema.PrimaryKey.Id) is { IsExact: true } named)
        {
            keys = KeySet.Column(collection.Schema.PrimaryKey, named.Values);
        }
        else
        {
            var loads = proxy.Metadata.Current.Loads.Of(collection.Id);
            if (loads is null)
            {
                return Failure.Of(FailureCode.CollectionNotLoaded, ("collection", collection.Name));
            }

            var freshness = proxy.Freshness(collection, call.Consistency, Timestamp.Zero);
            if (!(await proxy.Node.OpenView(collection.Id, partitions, freshness, cancel)).TryGet(out var view, out failure))
            {
                return failure;
            }

            using (view)
            {
                if (!(await view.PrimaryKeysMatching(plan, cancel, proxy.Random.NextUInt64())).TryGet(out var matching, out failure))
                {
                    return failure;
                }

                keys = matching;
            }
        }

        if (keys.Rows == 0)
        {
            return new WriteAnswer(null, 0, 0, proxy.Clock.Now());
        }

        var write = new Write(collection.Id, collection.Schema.Version, new(keys, [.. partitions]), []);
        return await Done(write, null, inserted: 0, deleted: keys.Rows, cancel);
    }

    private async Task<Result<WriteAnswer>> Done(Write write, ColumnBlock? ids, long inserted, long deleted, CancellationToken cancel)
    {
        var written = await proxy.Node.Write(write, cancel);
        return written.TryGet(out var timestamp, out var failure) ? new WriteAnswer(ids, inserted, deleted, timestamp) : failure;
    }

    /// <param name="forRows">Rows are to be placed, so a partition is needed where no partition key decides.</param>
    private Result<(CollectionInfo Collection, PartitionInfo? Partition)> Target(string database, string name, string partitionName, bool forRows)
    {
        if (!proxy.Collection(database, name).TryGet(out var collection, out var failure))
        {
            return failure;
        }

        if (collection.Schema.PartitionKey is not null)
        {
            return partitionName.Length > 0
                ? Failure.Invalid("not support manually specifying the partition names if partition key mode is used")
                : (collection, forRows ? collection.Partitions[0] : null);
        }

        if (partitionName.Length == 0)
        {
            return (collection, forRows ? collection.Partition(PartitionInfo.DefaultName) : null);
        }

        return collection.Partition(partitionName) is { } partition ? (collection, partition) : Failure.PartitionNotFound(partitionName);
    }

    private async Task<Result<ColumnBlock?>> AutoIds(CollectionInfo collection, int rows, CancellationToken cancel)
    {
        var key = collection.Schema.PrimaryKey;
        if (!key.AutoId || rows <= 0)
        {
            return Result<ColumnBlock?>.Ok(null);
        }

        if (!(await proxy.Ids.Allocate(rows, cancel)).TryGet(out var first, out var failure))
        {
            return failure;
        }

        var builder = new ColumnBuilder(key, rows);
        for (var row = 0; row < rows; row++)
        {
            _ = key.Type == DataType.Int64
                ? builder.Append(first + row)
                : builder.AppendText((first + row).ToString(CultureInfo.InvariantCulture));
        }

        return builder.Build();
    }
}
