using Elanus.Vectors;

namespace Elanus.Roles;

/// <summary>Index definitions. Builds follow from them on the nodes that hold the segments.</summary>
public sealed class IndexCoord(RootContext root, MetadataChannel metadata) : IIndexCoord
{
    private readonly ChangeGate gate = new();

    public Task<Result<IndexInfo>> Create(string databaseName, string collectionName, IndexDraft draft, CancellationToken cancel) => gate.Alone<IndexInfo>(
        async () =>
        {
            if (!root.Collection(databaseName, collectionName).TryGet(out var collection, out var failure)
                || !Checked(collection, draft).TryGet(out var asked, out failure))
            {
                return failure;
            }

            var existing = metadata.Current.Indexes.Of(collection.Id);
            foreach (var other in existing)
            {
                if (other.Field == asked.Field && Same(other, asked))
                {
                    return other.Name == asked.Name || draft.Name.Length == 0
                        ? other
                        : new Failure(FailureCode.Unexpected, "CreateIndex failed: creating multiple indexes on same field is not supported");
                }

                if (other.Field == asked.Field && collection.Schema.Find(asked.Field)!.Type != DataType.Json)
                {
                    return new Failure(FailureCode.Unexpected, $"CreateIndex failed: at most one distinct index is allowed per field (field {draft.Field} has index {other.Name})");
                }

                if (other.Name == asked.Name)
                {
                    return Failure.Invalid($"CreateIndex failed: an index named {asked.Name} exists on another field or path");
                }
            }

            if (!(await root.Ids.Allocate(1, cancel)).TryGet(out var id, out failure))
            {
                return failure;
            }

            var index = asked with { Id = new(id), Created = root.Clock.Next() };
            if (!(await metadata.Append(new IndexCommand.PutIndex(index), cancel)).TryGet(out _, out failure))
            {
                return failure;
            }

            // The collection may have been dropped between the look at it and the record.
            return metadata.Current.Indexes.Of(collection.Id).Any(i => i.Id == index.Id) ? index : Failure.CollectionNotFound(databaseName, collectionName);
        },
        cancel);

    public Task<Result<Unit>> Alter(
        string databaseName,
        string collectionName,
        string indexName,
        IReadOnlyCollection<KeyValuePair<string, string>> set,
        IReadOnlyCollection<string> delete,
        CancellationToken cancel) => gate.Alone<Unit>(
        async () =>
        {
            if (!Find(databaseName, collectionName, indexName).TryGet(out var index, out var failure))
            {
                return failure;
            }

            foreach (var key in set.Select(p => p.Key).Concat(delete))
            {
                if (key is not ("mmap.enabled" or "warmup" or "indexoffsetcache.enabled"))
                {
                    return Failure.Invalid($"{key} is not a configable index property");
                }
            }

            var changed = index with { Properties = Properties.Changed(index.Properties, set, delete) };
            return (await metadata.Append(new IndexCommand.PutIndex(changed), cancel)).TryGet(out _, out failure) ? Result.Ok : failure;
        },
        cancel);

    /// <summary>Drops an index by its name, or by its field's name where no index has that name; a missing one is no error.</summary>
    public Task<Result<Unit>> Drop(string databaseName, string collectionName, string fieldName, string indexName, CancellationToken cancel) => gate.Alone<Unit>(
        async () =>
        {
            if (!root.Collection(databaseName, collectionName).TryGet(out var collection, out var failure))
            {
                return failure;
            }

            var field = collection.Schema.Find(fieldName);
            var index = metadata.Current.Indexes.Of(collection.Id)
                .FirstOrDefault(i => indexName.Length > 0 ? i.Name == indexName : i.Field == field?.Id);
            if (index is null)
            {
                return Result.Ok;
            }

            if (metadata.Current.Loads.Of(collection.Id) is not null && collection.Schema.Find(index.Field)?.Type.IsVector() == true)
            {
                return Failure.Invalid($"vector index cannot be dropped on loaded collection: {collection.Name}; release it first");
            }

            return (await metadata.Append(new IndexCommand.RemoveIndex(collection.Id, index.Id), cancel)).TryGet(out _, out failure) ? Result.Ok : failure;
        },
        cancel);

    private Result<IndexInfo> Find(string databaseName, string collectionName, string indexName)
    {
        if (!root.Collection(databaseName, collectionName).TryGet(out var collection, out var failure))
        {
            return failure;
        }

        return metadata.Current.Indexes.Of(collection.Id).FirstOrDefault(i => i.Name == indexName) is { } index
            ? index
            : Failure.Of(FailureCode.IndexNotFound, ("indexName", indexName));
    }

    private Result<IndexInfo> Checked(CollectionInfo collection, IndexDraft draft)
    {
        if (collection.Schema.Find(draft.Field) is not { } field)
        {
            return Failure.Invalid($"cannot create index on non-exist field: {draft.Field}");
        }

        var name = draft.Name.Length > 0 ? draft.Name : field.Name;
        if (NameRules.Check("index", name, root.Limits.NameLengthMax, more: "$-[]\"/.") is { } bad)
        {
            return bad;
        }

        string? Param(string key) => draft.Params.LastOrDefault(p => p.Key == key).Value;
        var type = IndexRules.TypeName(field, Param(IndexRules.IndexTypeKey));
        var given = Param(IndexRules.MetricTypeKey);
        MetricType? metric = given is null or ""
            ? type == "AUTOINDEX" && field.Type.IsVector() ? IndexRules.MetricsOf(field.Type)[0] : null
            : Metrics.TryParse(given, out var parsed) ? parsed : null;
        if (IndexRules.Check(field, type, metric, Param) is { } wrong)
        {
            return wrong;
        }

        var all = draft.Params.Where(p => p.Key is not (IndexRules.IndexTypeKey or IndexRules.MetricTypeKey)).ToList();
        if (metric is { } chosen)
        {
            all.Insert(0, new(IndexRules.MetricTypeKey, chosen.Name()));
        }

        all.Insert(0, new(IndexRules.IndexTypeKey, type));
        return new IndexInfo
        {
            Id = default,
            Collection = collection.Id,
            Field = field.Id,
            Name = name,
            Type = type,
            Params = [.. all],
            Created = default,
        };
    }

    private static bool Same(IndexInfo left, IndexInfo right) =>
        left.Params.OrderBy(p => p.Key, StringComparer.Ordinal).SequenceEqual(right.Params.OrderBy(p => p.Key, StringComparer.Ordinal));
}
