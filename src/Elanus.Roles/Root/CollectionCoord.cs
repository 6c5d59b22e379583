using System.Collections.Immutable;
using System.Globalization;

namespace Elanus.Roles;

/// <summary>
/// Collections, as the root coordinator keeps them. Order of the two records of a change: what gives rows their meaning goes to the data
/// channels first where it adds, and last where it removes, so that a crash between the two leaves only what nobody can name;
/// <see cref="Reconciliation"/> mends that.
/// </summary>
public sealed class CollectionCoord(RootContext root) : ICollectionCoord
{
    private const long PartitionKeyPartitionsDefault = 16;

    public Task<Result<CollectionInfo>> Create(string databaseName, CollectionDraft draft, CancellationToken cancel) => root.Alone<CollectionInfo>(
        async () =>
        {
            if (!root.Database(databaseName).TryGet(out var database, out var failure)
                || !Validated(database, draft).TryGet(out var schema, out failure))
            {
                return failure;
            }

            if (root.State.Find(database.Id, schema.Name) is { } existing)
            {
                return SameAs(existing, schema, draft)
                    ? existing
                    : Failure.Invalid($"create duplicate collection with different parameters, collection: {schema.Name}");
            }

            if (root.State.Collections.Count >= root.Limits.CollectionsMax)
            {
                return Failure.Of(FailureCode.CollectionLimitExceeded, ("limit", $"{root.Limits.CollectionsMax}"));
            }

            if (database.CollectionsMax is { } most && root.State.CollectionsOf(database.Id).Count() >= most)
            {
                return Failure.Of(FailureCode.CollectionLimitExceeded, ("dbName", database.Name), ("limit", $"{most}"));
            }

            var partitions = schema.PartitionKey is null ? 1 : draft.Partitions == 0 ? PartitionKeyPartitionsDefault : draft.Partitions;
            if (!(await root.Ids.Allocate(1 + (int)partitions, cancel)).TryGet(out var first, out failure))
            {
                return failure;
            }

            var now = root.Clock.Next();
            var collection = new CollectionInfo
            {
                Id = new(first),
                Database = database.Id,
                Schema = schema,
                Shards = draft.Shards == 0 ? 1 : draft.Shards,
                Consistency = draft.Consistency,
                Created = now,
                Updated = now,
                Partitions = Partitions(schema, first + 1, (int)partitions, now),
                Properties = Properties.Changed(ImmutableSortedDictionary<string, string>.Empty, draft.Properties, []),
            };
            if (!(await root.Data.CollectionCreated(collection, cancel)).TryGet(out _, out failure)
                || !(await root.Append(new RootCommand.PutCollection(collection), cancel)).TryGet(out _, out failure))
            {
                return failure;
            }

            return collection;
        },
        cancel);

    public Task<Result<Unit>> Drop(string databaseName, string name, CancellationToken cancel) => root.Alone<Unit>(
        async () =>
        {
            if (!root.Database(databaseName).TryGet(out var database, out var failure))
            {
                return failure;
            }

            if (root.State.Find(database.Id, name) is not { } collection)
            {
                return Result.Ok;
            }

            if (collection.Name != name)
            {
                return Failure.Invalid($"cannot drop the collection via alias = {name}");
            }

            if (root.State.AliasesOf(collection.Id).Any())
            {
                return Failure.Invalid($"unable to drop the collection [{name}] because it has associated aliases [{string.Join(' ', root.State.AliasesOf(collection.Id).Select(a => a.Name))}], please remove all aliases before dropping the collection");
            }

            return (await root.Append(new RootCommand.RemoveCollection(collection.Id), cancel)).TryGet(out _, out failure)
                ? await root.Data.CollectionDropped(collection.Id, cancel)
                : failure;
        },
        cancel);

    public Task<Result<Unit>> Rename(string databaseName, string name, string newDatabaseName, string newName, CancellationToken cancel) => root.Alone<Unit>(
        async () =>
        {
            if (NameRules.Check("collection", newName, root.Limits.NameLengthMax) is { } bad)
            {
                return bad;
            }

            if (!root.Database(newDatabaseName).TryGet(out var target, out var failure)
                || !root.Collection(databaseName, name).TryGet(out var collection, out failure))
            {
                return failure;
            }

            if (collection.Name != name)
            {
                return Failure.Invalid($"unsupported use an alias to rename collection, alias:{name}");
            }

            if (root.State.Aliases.ContainsKey((target.Id, newName)))
            {
                return Failure.Invalid($"cannot rename collection to an existing alias: {newName}");
            }

            if (root.State.Names.ContainsKey((target.Id, newName)))
            {
                return Failure.Invalid($"duplicated new collection name {newName} in database {target.Name} with other collection name or alias");
            }

            if (target.Id != collection.Database && root.State.AliasesOf(collection.Id).Any())
            {
                return Failure.Invalid($"cannot move collection {name} to another database while it has aliases");
            }

            return await Put(
                collection with { Database = target.Id, Schema = collection.Schema with { Name = newName } },
                schemaChanged: true,
                cancel);
        },
        cancel);

    /// <summary>Removes all rows; schema and indexes stay.</summary>
    public Task<Result<Unit>> Truncate(string databaseName, string name, CancellationToken cancel) => root.Alone<Unit>(
        async () => root.Collection(databaseName, name).TryGet(out var collection, out var failure)
            ? await root.Data.Truncated(collection, cancel)
            : failure,
        cancel);

    public Task<Result<Unit>> AlterProperties(
        string databaseName,
        string name,
        IReadOnlyCollection<KeyValuePair<string, string>> set,
        IReadOnlyCollection<string> delete,
        CancellationToken cancel) => root.Alone<Unit>(
        async () =>
        {
            if (!root.Collection(databaseName, name).TryGet(out var collection, out var failure))
            {
                return failure;
            }

            if (set.Count == 0 && delete.Count == 0)
            {
                return Failure.Invalid("no properties or delete keys provided");
            }

            if (CheckProperties(set) is { } wrong)
            {
                return wrong;
            }

            if (!Dynamic(collection, set).TryGet(out var schema, out failure))
            {
                return failure;
            }

            return await Put(
                collection with { Schema = schema, Properties = Properties.Changed(collection.Properties, set, delete) },
                schemaChanged: schema.Version != collection.Schema.Version,
                cancel);
        },
        cancel);

    public Task<Result<Unit>> AddField(string databaseName, string name, FieldSchema asked, CancellationToken cancel) => root.Alone<Unit>(
        async () =>
        {
            if (!root.Collection(databaseName, name).TryGet(out var collection, out var failure)
                || !SchemaRules.Field(asked, root.Limits).TryGet(out var field, out failure))
            {
                return failure;
            }

            if (collection.Schema.Find(field.Name) is not null)
            {
                return Failure.Invalid($"duplicated field name: {field.Name}");
            }

            if (field.IsPrimaryKey || field.IsPartitionKey || field.AutoId || field.Type.IsVector() || !field.Nullable)
            {
                return Failure.Invalid($"added field must be nullable, and neither a key nor a vector, please check it, field name = {field.Name}");
            }

            if (collection.Schema.Fields.Length >= root.Limits.FieldsMax)
            {
                return Failure.Invalid($"maximum field's number should be limited to {root.Limits.FieldsMax}");
            }

            var fields = collection.Schema.Fields;
            var added = field with { Id = new(fields.Max(f => f.Id.Value) + 1) };
            return await Put(
                collection with { Schema = collection.Schema with { Fields = InsertBeforeDynamic(fields, added), Version = collection.Schema.Version + 1 } },
                schemaChanged: true,
                cancel);
        },
        cancel);

    public Task<Result<Unit>> AlterField(
        string databaseName,
        string name,
        string fieldName,
        IReadOnlyCollection<KeyValuePair<string, string>> set,
        IReadOnlyCollection<string> delete,
        CancellationToken cancel) => root.Alone<Unit>(
        async () =>
        {
            if (!root.Collection(databaseName, name).TryGet(out var collection, out var failure))
            {
                return failure;
            }

            if (collection.Schema.Find(fieldName) is not { } field)
            {
                return Failure.FieldNotFound(fieldName);
            }

            if (!FieldChange.Apply(field, set, delete, root.Limits).TryGet(out var changed, out failure))
            {
                return failure;
            }

            return await Put(
                collection with
                {
                    Schema = collection.Schema with { Fields = collection.Schema.Fields.Replace(field, changed), Version = collection.Schema.Version + 1 },
                },
                schemaChanged: true,
                cancel);
        },
        cancel);

    /// <summary>The schema after the properties are set: one of them gives a collection its dynamic field, empty in the rows that are there.</summary>
    private Result<CollectionSchema> Dynamic(CollectionInfo collection, IReadOnlyCollection<KeyValuePair<string, string>> set)
    {
        var asked = set.LastOrDefault(p => p.Key == CollectionProperties.DynamicField).Value;
        if (asked is null)
        {
            return collection.Schema;
        }

        if (!bool.TryParse(asked, out var enabled))
        {
            return Failure.Invalid($"{CollectionProperties.DynamicField} must be true or false, got {asked}");
        }

        if (enabled == collection.Schema.EnableDynamicField)
        {
            return collection.Schema;
        }

        if (!enabled)
        {
            return Failure.Invalid("dynamic schema cannot supported to be disabled");
        }

        if (collection.Schema.Fields.Length >= root.Limits.FieldsMax)
        {
            return Failure.Invalid($"maximum field's number should be limited to {root.Limits.FieldsMax}");
        }

        var fields = collection.Schema.Fields;
        return collection.Schema with
        {
            EnableDynamicField = true,
            Fields = fields.Add(SchemaRules.Dynamic(new(fields.Max(f => f.Id.Value) + 1))),
            Version = collection.Schema.Version + 1,
        };
    }

    private async Task<Result<Unit>> Put(CollectionInfo changed, bool schemaChanged, CancellationToken cancel)
    {
        var collection = changed with { Updated = root.Clock.Next() };
        if (schemaChanged && !(await root.Data.SchemaChanged(collection, cancel)).TryGet(out _, out var failure))
        {
            return failure;
        }

        return await root.Append(new RootCommand.PutCollection(collection), cancel);
    }

    private Result<CollectionSchema> Validated(DatabaseInfo database, CollectionDraft draft)
    {
        if (NameRules.Check("collection", draft.Schema.Name, root.Limits.NameLengthMax) is { } bad)
        {
            return bad;
        }

        if (draft.Shards < 0 || draft.Shards > root.Limits.ShardsMax)
        {
            return Failure.Invalid($"maximum shards's number should be limited to {root.Limits.ShardsMax}");
        }

        if (root.State.Aliases.ContainsKey((database.Id, draft.Schema.Name)))
        {
            return Failure.Invalid($"collection name [{draft.Schema.Name}] conflicts with an existing alias, please choose a unique name");
        }

        if (CheckProperties(draft.Properties) is { } wrong)
        {
            return wrong;
        }

        if (!SchemaRules.Complete(draft.Schema, root.Limits).TryGet(out var schema, out var failure))
        {
            return failure;
        }

        if (draft.Partitions != 0 && schema.PartitionKey is null)
        {
            return Failure.Invalid("num_partitions should only be specified with partition key field enabled");
        }

        return draft.Partitions < 0 || draft.Partitions > root.Limits.PartitionsMax
            ? Failure.Invalid($"partition number ({draft.Partitions}) exceeds max configuration ({root.Limits.PartitionsMax})")
            : schema;
    }

    private static Failure? CheckProperties(IReadOnlyCollection<KeyValuePair<string, string>> properties)
    {
        foreach (var (key, value) in properties)
        {
            if (key == CollectionProperties.TtlSeconds
                && (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) || seconds < -1))
            {
                return Failure.Invalid($"collection TTL is out of range, expect [-1, 3155760000], got {value}");
            }
        }

        return null;
    }

    private static bool SameAs(CollectionInfo existing, CollectionSchema schema, CollectionDraft draft) =>
        existing.Schema.EnableDynamicField == schema.EnableDynamicField
        && existing.Shards == Math.Max(draft.Shards, 1)
        && existing.Schema.Description == schema.Description
        && existing.Schema.Fields.Select(Shape).SequenceEqual(schema.Fields.Select(Shape));

    private static (string Name, DataType Type, DataType Element, bool Key, bool Auto, int Dimension, int Length, int Capacity, bool PartitionKey, bool Nullable) Shape(FieldSchema f) =>
        (f.Name, f.Type, f.ElementType, f.IsPrimaryKey, f.AutoId, f.Dimension, f.MaxLength, f.MaxCapacity, f.IsPartitionKey, f.Nullable);

    private static ImmutableArray<PartitionInfo> Partitions(CollectionSchema schema, long firstId, int count, Timestamp now) =>
        [.. Enumerable.Range(0, count).Select(i => new PartitionInfo(
            new(firstId + i),
            schema.PartitionKey is null ? PartitionInfo.DefaultName : $"{PartitionInfo.DefaultName}_{i}",
            now))];

    private static ImmutableArray<FieldSchema> InsertBeforeDynamic(ImmutableArray<FieldSchema> fields, FieldSchema added) =>
        fields is [.., { IsDynamic: true }] ? fields.Insert(fields.Length - 1, added) : fields.Add(added);
}
