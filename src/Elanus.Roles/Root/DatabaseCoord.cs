using System.Collections.Immutable;
using System.Globalization;

namespace Elanus.Roles;

/// <summary>Databases, as the root coordinator keeps them.</summary>
public sealed class DatabaseCoord(RootContext root) : IDatabaseCoord
{
    /// <summary>Makes the default database in a new log; where it is there nothing is changed, or mended.</summary>
    public async Task<Result<Unit>> EnsureDefault(CancellationToken cancel) => HasDefault ? Result.Ok : await root.Alone<Unit>(
        async () => HasDefault ? Result.Ok : await root.Append(new RootCommand.PutDatabase(New(1, DatabaseInfo.DefaultName, [])), cancel),
        cancel);

    private bool HasDefault => root.State.Databases.ContainsKey(DatabaseInfo.DefaultName);

    public Task<Result<Unit>> Create(string name, IReadOnlyCollection<KeyValuePair<string, string>> properties, CancellationToken cancel) => root.Alone<Unit>(
        async () =>
        {
            if (NameRules.Check("database", name, root.Limits.NameLengthMax, code: FailureCode.DatabaseInvalidName) is { } bad)
            {
                return bad;
            }

            if (CheckProperties(properties) is { } wrong)
            {
                return wrong;
            }

            if (root.State.Databases.ContainsKey(name))
            {
                return new Failure(FailureCode.Unexpected, $"database already exist: {name}");
            }

            if (root.State.Databases.Count >= root.Limits.DatabasesMax)
            {
                return Failure.Of(FailureCode.DatabaseLimitExceeded, ("limit", $"{root.Limits.DatabasesMax}"));
            }

            var id = await root.Ids.Allocate(1, cancel);
            return id.TryGet(out var first, out var failure)
                ? await root.Append(new RootCommand.PutDatabase(New(first, name, properties)), cancel)
                : failure;
        },
        cancel);

    public Task<Result<Unit>> Drop(string name, CancellationToken cancel) => root.Alone<Unit>(
        async () =>
        {
            if (name == DatabaseInfo.DefaultName)
            {
                return new Failure(FailureCode.Unexpected, "can not drop default database");
            }

            if (!root.State.Databases.TryGetValue(name, out var database))
            {
                // Dropping what is not there succeeds, as in Milvus.
                return Result.Ok;
            }

            return root.State.CollectionsOf(database.Id).Any()
                ? new Failure(FailureCode.Unexpected, $"database:{name} not empty, must drop all collections before drop database")
                : await root.Append(new RootCommand.RemoveDatabase(database.Id), cancel);
        },
        cancel);

    public Task<Result<Unit>> Alter(
        string name,
        IReadOnlyCollection<KeyValuePair<string, string>> set,
        IReadOnlyCollection<string> delete,
        CancellationToken cancel) => root.Alone<Unit>(
        async () =>
        {
            if (!root.Database(name).TryGet(out var database, out var failure))
            {
                return failure;
            }

            if (CheckProperties(set) is { } wrong)
            {
                return wrong;
            }

            var properties = Properties.Changed(database.Properties, set, delete);
            return await root.Append(new RootCommand.PutDatabase(database with { Properties = properties }), cancel);
        },
        cancel);

    private static Failure? CheckProperties(IReadOnlyCollection<KeyValuePair<string, string>> properties)
    {
        foreach (var (key, value) in properties)
        {
            if (key == DatabaseInfo.CollectionsMaxProperty && !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                return Failure.Invalid($"{key} must be a whole number, got {value}");
            }
        }

        return null;
    }

    private DatabaseInfo New(long id, string name, IReadOnlyCollection<KeyValuePair<string, string>> properties) => new()
    {
        Id = new(id),
        Name = name,
        Created = root.Clock.Next(),
        Properties = Properties.Changed(ImmutableSortedDictionary<string, string>.Empty, properties, []),
    };
}
