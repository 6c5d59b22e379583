using Elanus.Engine;
using Elanus.Expressions;

namespace Elanus.Roles;

/// <summary>
/// The proxy's writes: insert, upsert, delete. Each is one record: all of it is shown, or nothing. One that was done before is answered before anything else
/// is looked at.
/// </summary>
public sealed class RowWrites(ProxyContext proxy)
{
    /// <summary>Inserts rows. Existing keys are not looked for, as in Milvus: both rows count, and reads show the newer.</summary>
    public Task<Result<WriteAnswer>> Insert(InsertCall call, CancellationToken cancel) => UnlessDone(call, InsertInto, cancel);

    /// <summary>Replaces the rows of the given keys, or inserts them where there are none.</summary>
    public Task<Result<WriteAnswer>> Upsert(InsertCall call, CancellationToken cancel) => UnlessDone(call, UpsertInto, cancel);

    private async Task<Result<WriteAnswer>> UnlessDone(
        InsertCall call, Func<InsertCall, CollectionInfo, PartitionInfo, CancellationToken, Task<Result<WriteAnswer>>> write, CancellationToken cancel)
    {
        if (!(await Before(call.Request, cancel)).TryGet(out var before, out var failure))
        {
            return failure;
        }

        if (before is { } done)
        {
            return Again(done, call);
        }

        if (!Target(call.Database, call.Collection, call.Partition, forRows: true).TryGet(out var target, out failure))
        {
            return failure;
        }

        var (collection, partition) = target;
        return await write(call, collection, partition!, cancel);
    }

    private async Task<Result<WriteAnswer>> InsertInto(InsertCall call, CollectionInfo collection, PartitionInfo partition, CancellationToken cancel)
    {
        var key = collection.Schema.PrimaryKey;
        var ownKeys = key.AutoId && RowIntake.Find(call.Columns, key) is not null;
        if (ownKeys && !collection.Properties.IsTrue(CollectionProperties.AllowInsertAutoId))
        {
            return Failure.Invalid($"Cannot passing primary field data when auto id is enabled, field name: {key.Name}");
        }

        if (!(ownKeys ? Result<long>.Ok(0) : await DrawKeys(collection, call.Rows, cancel)).TryGet(out var first, out var failure)
            || !RowIntake.Accept(collection.Schema, call.Rows, call.Columns, Drawn(key, first, call.Rows), proxy.Limits).TryGet(out var rows, out failure))
        {
            return failure;
        }

        var write = new Write(collection.Id, collection.Schema.Version, null, RowPlacement.Groups(collection, rows, partition))
        {
            Request = Mark(call.Request, first, inserted: rows.Rows, deleted: 0),
        };
        return await Done(write, new(rows.Find(key.Id), rows.Rows, 0, default), known => Again(known, call), cancel);
    }

    private async Task<Result<WriteAnswer>> UpsertInto(InsertCall call, CollectionInfo collection, PartitionInfo partition, CancellationToken cancel)
    {
        var key = collection.Schema.PrimaryKey;
        var columns = call.Columns;
        Failure? failure;
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

        if (!(await DrawKeys(collection, call.Rows, cancel)).TryGet(out var first, out failure)
            || !RowIntake.Accept(collection.Schema, call.Rows, columns, Drawn(key, first, call.Rows), proxy.Limits).TryGet(out var rows, out failure))
        {
            return failure;
        }

        var write = new Write(
            collection.Id,
            collection.Schema.Version,
            new(keys, []),
            RowPlacement.Groups(collection, rows, partition))
        {
            Request = Mark(call.Request, first, inserted: rows.Rows, deleted: keys.Rows),
        };
        return await Done(write, new(rows.Find(key.Id), rows.Rows, keys.Rows, default), known => Again(known, call), cancel);
    }

    /// <summary>Deletes by expression. The keys it matches are decided here, on a state as fresh as the consistency level asks.</summary>
    public async Task<Result<WriteAnswer>> Delete(DeleteCall call, CancellationToken cancel)
    {
        if (!(await Before(call.Request, cancel)).TryGet(out var before, out var failure))
        {
            return failure;
        }

        if (before is { } done)
        {
            return Again(done);
        }

        if (!Target(call.Database, call.Collection, call.Partition, forRows: false).TryGet(out var target, out failure))
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
            if (!(await proxy.OpenView(collection, partitions, freshness, cancel)).TryGet(out var view, out failure))
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

        // That nothing matched is an outcome too: a call that comes again must not find what came later.
        if (keys.Rows == 0 && call.Request is null)
        {
            return new WriteAnswer(null, 0, 0, proxy.Clock.Now());
        }

        var write = new Write(collection.Id, collection.Schema.Version, keys.Rows == 0 ? null : new(keys, [.. partitions]), [])
        {
            Request = Mark(call.Request, firstKey: 0, inserted: 0, deleted: keys.Rows),
        };
        return await Done(write, new(null, 0, keys.Rows, default), Again, cancel);
    }

    /// <summary>What a call with an id did when it came before, without keys; null where it did not, or has no id. Another content under the same id is a failure.</summary>
    public async ValueTask<Result<WriteAnswer?>> DoneBefore(RequestIdentity? request, CancellationToken cancel) =>
        (await Before(request, cancel)).TryGet(out var before, out var failure) ? Result<WriteAnswer?>.Ok(before is { } done ? Again(done) : null) : failure;

    private ValueTask<Result<RequestOutcome?>> Before(RequestIdentity? request, CancellationToken cancel) =>
        request is { } named ? proxy.Node.Find(named, cancel) : new(Result<RequestOutcome?>.Ok(null));

    /// <summary>
    /// The first answer once more: its keys are those that were drawn then, or those that the client gives now as it gave them then. None where what it was written to has gone since.
    /// </summary>
    private WriteAnswer Again(RequestOutcome known, InsertCall call) => !proxy.Collection(call.Database, call.Collection).TryGet(out var collection, out _) ? Again(known) : Again(known) with
    {
        Ids = known.Mark.FirstKey == 0
            ? RowIntake.Find(call.Columns, collection.Schema.PrimaryKey)
            : DrawnKeys.Column(collection.Schema.PrimaryKey, known.Mark.FirstKey, known.Mark.Inserted),
    };

    private static WriteAnswer Again(RequestOutcome known) => new(null, known.Mark.Inserted, known.Mark.Deleted, known.Timestamp);

    private static RequestMark? Mark(RequestIdentity? request, long firstKey, long inserted, long deleted) =>
        request is { } named ? new(named.Id, named.Content, firstKey, inserted, deleted) : null;

    private static ColumnBlock? Drawn(FieldSchema key, long first, int rows) => first == 0 ? null : DrawnKeys.Column(key, first, rows);

    /// <param name="again">The answer where another call of this id came first, while this one was made.</param>
    private async Task<Result<WriteAnswer>> Done(Write write, WriteAnswer answer, Func<RequestOutcome, WriteAnswer> again, CancellationToken cancel)
    {
        if (!(await proxy.Node.Write(write, cancel)).TryGet(out var written, out var failure))
        {
            return failure;
        }

        return written.First is { } first ? again(first) : answer with { Timestamp = written.Timestamp };
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

    /// <summary>The first of as many consecutive keys as there are rows; 0 where the client gives the keys.</summary>
    private async Task<Result<long>> DrawKeys(CollectionInfo collection, int rows, CancellationToken cancel) =>
        collection.Schema.PrimaryKey.AutoId && rows > 0 ? await proxy.Ids.Allocate(rows, cancel) : 0;
}
