using System.Collections.Immutable;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Schema;
using Elanus.Milvus.Wire;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Elanus.Milvus;

/// <summary>Insert, upsert and delete. The first two are read from their bytes, so that vectors reach the log without a copy each.</summary>
public sealed class WriteCalls(Proxy proxy) : ICallGroup
{
    public void Route(CallRoutes routes) => routes
        .AddRaw<MutationResult>("Insert", Insert)
        .AddRaw<MutationResult>("Upsert", Upsert)
        .Add<DeleteRequest, MutationResult>("Delete", Delete);

    /// <param name="raw">A serialised InsertRequest.</param>
    public async Task<MutationResult> Insert(ReadOnlyMemory<byte> raw, CallScope scope)
    {
        if (!RawMutations.ReadInsert(raw).TryGet(out var mutation, out var failure))
        {
            return Refused(failure, rows: 0, scope);
        }

        var request = mutation.Request;
        if (request.Namespace.Length > 0)
        {
            return Refused(Failure.Unimplemented("namespaces"), request.NumRows, scope);
        }

        var target = (scope.Database(request.DbName), request.CollectionName, request.PartitionName);
        if (!RequestIdentity.Read(scope.RequestId, nameof(Insert), target.Item1, raw.Span).TryGet(out var identity, out failure)
            || !(await proxy.Writes.DoneBefore(identity, scope.Cancel)).TryGet(out var before, out failure))
        {
            return Refused(failure, request.NumRows, scope);
        }

        if (!Rows(target, request.NumRows, mutation.Fields, before is null ? request.SchemaTimestamp : 0).TryGet(out var call, out failure))
        {
            return before is null ? Refused(failure, request.NumRows, scope) : Done(before, request.NumRows, isUpsert: false);
        }

        return (await proxy.Writes.Insert(call with { Request = identity }, scope.Cancel)).TryGet(out var written, out failure)
            ? Done(written, request.NumRows, isUpsert: false)
            : Refused(failure, request.NumRows, scope);
    }

    /// <param name="raw">A serialised UpsertRequest.</param>
    public async Task<MutationResult> Upsert(ReadOnlyMemory<byte> raw, CallScope scope)
    {
        if (!RawMutations.ReadUpsert(raw).TryGet(out var mutation, out var failure))
        {
            return Refused(failure, rows: 0, scope);
        }

        var request = mutation.Request;
        if (request.Namespace.Length > 0)
        {
            return Refused(Failure.Unimplemented("namespaces"), request.NumRows, scope);
        }

        var target = (scope.Database(request.DbName), request.CollectionName, request.PartitionName);
        if (!RequestIdentity.Read(scope.RequestId, nameof(Upsert), target.Item1, raw.Span).TryGet(out var identity, out failure)
            || !Changes(request.FieldOps).TryGet(out var changes, out failure)
            || !(await proxy.Writes.DoneBefore(identity, scope.Cancel)).TryGet(out var before, out failure))
        {
            return Refused(failure, request.NumRows, scope);
        }

        if (!Rows(target, request.NumRows, mutation.Fields, before is null ? request.SchemaTimestamp : 0).TryGet(out var call, out failure))
        {
            return before is null ? Refused(failure, request.NumRows, scope) : Done(before, request.NumRows, isUpsert: true);
        }

        call = call with { Request = identity, Partial = request.PartialUpdate || changes.Count > 0, ArrayChanges = changes };
        return (await proxy.Writes.Upsert(call, scope.Cancel)).TryGet(out var written, out failure)
            ? Done(written, request.NumRows, isUpsert: true)
            : Refused(failure, request.NumRows, scope);
    }

    public async Task<MutationResult> Delete(DeleteRequest request, CallScope scope)
    {
        var database = scope.Database(request.DbName);
        var content = string.IsNullOrEmpty(scope.RequestId) ? default : request.ToByteArray().AsSpan();
        if (!RequestIdentity.Read(scope.RequestId, nameof(Delete), database, content).TryGet(out var identity, out var failure)
            || !Templates.Read(request.ExprTemplateValues).TryGet(out var templates, out failure)
            || !ReadConsistency.Of(request.ConsistencyLevel, useDefault: false, guarantee: 0).TryGet(out var consistency, out failure))
        {
            return Refused(failure, rows: 0, scope);
        }

        var call = new DeleteCall
        {
            Database = database,
            Collection = request.CollectionName,
            Partition = request.PartitionName,
            Request = identity,
            Filter = request.Expr,
            Templates = templates,
            Consistency = consistency.Level,
        };
        return (await proxy.Writes.Delete(call, scope.Cancel)).TryGet(out var written, out failure)
            ? new() { Status = Statuses.Ok(), DeleteCnt = written.Deleted, Timestamp = written.Timestamp.Value, IDs = new() }
            : Refused(failure, rows: 0, scope);
    }

    private Result<InsertCall> Rows(
        (string Database, string Collection, string Partition) target, uint rows, ImmutableArray<RawFieldData> fields, ulong schemaTimestamp)
    {
        if (!proxy.Context.Collection(target.Database, target.Collection).TryGet(out var collection, out var failure))
        {
            return failure;
        }

        // A client that knows the schema by heart says which one; it asks again and repeats the call on this failure.
        if (schemaTimestamp != 0 && schemaTimestamp != collection.Updated.Value)
        {
            return Failure.Of(FailureCode.SchemaMismatch, ("collection", collection.Name));
        }

        if (rows > int.MaxValue)
        {
            return new Failure(FailureCode.ParameterTooLarge, $"num_rows {rows} is more than one call can carry");
        }

        var columns = new List<ClientColumn>(fields.Length);
        foreach (var field in fields)
        {
            if (!FieldDataReading.Read(field, collection.Schema).TryGet(out var column, out failure))
            {
                return failure;
            }

            columns.Add(column);
        }

        return new InsertCall
        {
            Database = target.Database,
            Collection = target.Collection,
            Partition = target.Partition,
            Rows = (int)rows,
            Columns = columns,
        };
    }

    private static Result<IReadOnlyDictionary<string, ArrayChange>> Changes(RepeatedField<FieldPartialUpdateOp> operations)
    {
        var changes = new Dictionary<string, ArrayChange>(StringComparer.Ordinal);
        foreach (var operation in operations)
        {
            ArrayChange? change = operation.Op switch
            {
                FieldPartialUpdateOp.Types.OpType.Replace => ArrayChange.Replace,
                FieldPartialUpdateOp.Types.OpType.ArrayAppend => ArrayChange.Append,
                FieldPartialUpdateOp.Types.OpType.ArrayRemove => ArrayChange.Remove,
                _ => null,
            };
            if (change is not { } known)
            {
                return Failure.Invalid($"field {operation.FieldName}: partial update operation {(int)operation.Op} is not known");
            }

            if (!changes.TryAdd(operation.FieldName, known))
            {
                return Failure.Invalid($"field {operation.FieldName} has two partial update operations");
            }
        }

        return changes;
    }

    private static MutationResult Done(WriteAnswer written, uint rows, bool isUpsert)
    {
        var reply = new MutationResult
        {
            Status = Statuses.Ok(),
            IDs = written.Ids is { } ids ? KeyLists.Write(ids) : new(),
            InsertCnt = written.Inserted,
            DeleteCnt = written.Deleted,
            UpsertCnt = isUpsert ? written.Inserted : 0,
            Timestamp = written.Timestamp.Value,
        };
        reply.SuccIndex.AddRange(Indices(rows));
        return reply;
    }

    /// <summary>A write is one record: where it fails, no row of it was written.</summary>
    private static MutationResult Refused(Failure failure, uint rows, CallScope scope)
    {
        scope.NotActive = failure.Code == FailureCode.NotReady ? failure : null;
        var reply = new MutationResult { Status = Statuses.Of(failure) };

        // Echoes a number of the client's, so it is bounded by what a call can carry.
        reply.ErrIndex.AddRange(Indices(Math.Min(rows, 1u << 20)));
        return reply;
    }

    private static IEnumerable<uint> Indices(uint count)
    {
        for (var i = 0u; i < count; i++)
        {
            yield return i;
        }
    }
}
