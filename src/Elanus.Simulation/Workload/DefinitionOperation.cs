using Elanus.Engine;
using Elanus.Roles;
using Elanus.Server;

namespace Elanus.Simulation;

/// <summary>A change of collections, their names and fields, partitions, aliases, indexes, load state or segments: done means that its effect stood at some moment of the call.</summary>
public sealed class DefinitionOperation(DefinitionKind kind, string collection, string name, int shards = 1) : Operation<Unit>
{
    public override string What => $"{kind} {collection} {name}".TrimEnd();

    public override string? Verify(Evidence evidence)
    {
        if (End != CallEnd.Answered)
        {
            return null;
        }

        if (Failure is { } failure)
        {
            return Explained(failure, evidence.Model)
                ? null
                : Excuses.For(this, failure, collection, kind is DefinitionKind.CreatePartition or DefinitionKind.DropPartition ? [name] : [], evidence.Model);
        }

        return IsDone(evidence) ? null : $"it was answered as done, and its effect stands nowhere from position {AppliedFloor} to {Ceiling}";
    }

    protected override async Task<Result<Unit>> Call(StandaloneNode node, CancellationToken cancel)
    {
        var proxy = node.Roles.Proxy;
        const string Database = World.Database;
        return kind switch
        {
            DefinitionKind.CreateCollection => Done(await proxy.Collections.Create(Database, World.Draft(collection, shards), cancel)),
            DefinitionKind.DropCollection => await proxy.Collections.Drop(Database, collection, cancel),
            DefinitionKind.Truncate => await proxy.Collections.Truncate(Database, collection, cancel),
            DefinitionKind.Rename => await proxy.Collections.Rename(Database, collection, Database, name, cancel),
            DefinitionKind.AddField => await proxy.Collections.AddField(Database, collection, new() { Id = default, Name = name, Type = DataType.Int64, Nullable = true }, cancel),
            DefinitionKind.CreateIndex => Done(await proxy.Indexes.Create(Database, collection, World.Index(name), cancel)),
            DefinitionKind.Load => await proxy.Loading.Load(Database, collection, [], 1, [], cancel),
            DefinitionKind.Release => await proxy.Loading.Release(Database, collection, [], cancel),
            DefinitionKind.CreatePartition => await proxy.Partitions.Create(Database, collection, name, cancel),
            DefinitionKind.DropPartition => await proxy.Partitions.Drop(Database, collection, name, (_, _) => false, cancel),
            DefinitionKind.CreateAlias => await proxy.Aliases.Create(Database, collection, name, cancel),
            DefinitionKind.AlterAlias => await proxy.Aliases.Alter(Database, collection, name, cancel),
            DefinitionKind.DropAlias => await proxy.Aliases.Drop(Database, name, cancel),
            DefinitionKind.Compact => await Compacted(proxy, cancel),
            _ => Done(await proxy.Data.Flush(Database, collection, cancel)),
        };
    }

    private async Task<Result<Unit>> Compacted(Proxy proxy, CancellationToken cancel) =>
        proxy.Context.Collection(World.Database, collection).TryGet(out var found, out var failure) ? Done(await proxy.Data.Compact(found, cancel)) : failure;

    private static Result<Unit> Done<T>(Result<T> result) => result.TryGet(out _, out var failure) ? Result.Ok : failure;

    private bool IsDone(Evidence evidence)
    {
        var model = evidence.Model;
        return kind switch
        {
            DefinitionKind.CreateCollection => Held(p => model.Names.At(collection, p) is { } id && model.Find(id)?.Exists(p) == true),
            DefinitionKind.DropCollection => Held(p => model.Names.At(collection, p) is null),
            DefinitionKind.Rename => Held(p => model.Names.At(name, p) is not null),
            DefinitionKind.AddField => Stood((id, p) => model.Fields.At((id, name), p) is true),
            DefinitionKind.CreateIndex => Stood((id, p) => model.Indexed.At(id, p) is true),
            DefinitionKind.Load => Stood((id, p) => model.Loads.At(id, p) is true),
            DefinitionKind.Release => Held(p => model.Resolve(collection, p) is null) || Stood((id, p) => model.Loads.At(id, p) is not true),
            DefinitionKind.CreatePartition => Stood((id, p) => model.PartitionNames.At((id, name), p) is not null),
            DefinitionKind.DropPartition => Held(p => model.Resolve(collection, p) is null) || Stood((id, p) => model.PartitionNames.At((id, name), p) is null),
            DefinitionKind.CreateAlias or DefinitionKind.AlterAlias => Stood((id, p) => model.Aliases.At(name, p) == id),
            DefinitionKind.DropAlias => Held(p => model.Aliases.At(name, p) is null),
            // A plan is no record; the merges that follow are judged by what reads show.
            DefinitionKind.Compact => true,
            DefinitionKind.Truncate => Stands(evidence, record => record is Truncated),
            _ => Stands(evidence, record => record is Seal),
        };

        bool Held(Func<ulong, bool> asked) => model.Held(AppliedFloor, Ceiling, asked);

        // What was asked of a name is done to the collection that had it at some moment of the call; by then it may have another.
        bool Stood(Func<CollectionId, ulong, bool> asked)
        {
            var meant = new HashSet<CollectionId>();
            Held(p => model.Resolve(collection, p) is { } id && !meant.Add(id) && false);
            return meant.Any(id => Held(p => asked(id, p)));
        }
    }

    private bool Stands(Evidence evidence, Func<DataRecord, bool> asked)
    {
        for (var position = Floor + 1; position <= Ceiling; position++)
        {
            if (evidence.At(position).Data is { } record && asked(record) && evidence.Model.Held(
                AppliedFloor, Ceiling, p => evidence.Model.Resolve(collection, p) == record.Collection))
            {
                return true;
            }
        }

        return false;
    }

    private bool Explained(Failure failure, Model model) => (kind, failure.Code) switch
    {
        (DefinitionKind.DropCollection, FailureCode.InvalidParameter) => model.Held(
            AppliedFloor, Ceiling, p => model.Aliases.At(World.Alias, p) is { } id && model.Names.At(collection, p) == id),
        (DefinitionKind.CreateAlias, FailureCode.AliasAlreadyExists) => model.Held(AppliedFloor, Ceiling, p => model.Aliases.At(name, p) is not null),
        (DefinitionKind.AlterAlias, FailureCode.AliasNotFound) => model.Held(AppliedFloor, Ceiling, p => model.Aliases.At(name, p) is null),
        (DefinitionKind.Rename, FailureCode.InvalidParameter) => model.Held(AppliedFloor, Ceiling, p => model.Names.At(name, p) is not null),
        (DefinitionKind.AddField, FailureCode.InvalidParameter) => model.Held(
            AppliedFloor, Ceiling, p => model.Resolve(collection, p) is { } id && model.Fields.At((id, name), p) is true),
        (DefinitionKind.CreateCollection, FailureCode.InvalidParameter) => model.Held(AppliedFloor, Ceiling, p => model.Names.At(collection, p) is not null),
        _ => false,
    };
}

/// <summary>What a definition changes.</summary>
public enum DefinitionKind
{
    CreateCollection,
    DropCollection,
    Rename,
    AddField,
    Truncate,
    CreateIndex,
    Load,
    Release,
    CreatePartition,
    DropPartition,
    CreateAlias,
    AlterAlias,
    DropAlias,
    Flush,
    Compact,
}
