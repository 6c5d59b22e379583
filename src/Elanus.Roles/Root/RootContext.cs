namespace Elanus.Roles;

/// <summary>What the parts of the root coordinator share.</summary>
public sealed class RootContext(MetadataChannel metadata, IDataChannels data, IdAllocator ids, HybridClock clock, Limits limits)
{
    public MetadataChannel Metadata => metadata;

    public IDataChannels Data => data;

    public IdAllocator Ids => ids;

    public HybridClock Clock => clock;

    public Limits Limits => limits;

    public RootState State => metadata.Current.Root;

    private ChangeGate Gate { get; } = new();

    /// <summary>Runs one change of the root coordinator alone.</summary>
    public Task<Result<T>> Alone<T>(Func<Task<Result<T>>> change, CancellationToken cancel) => Gate.Alone(change, cancel);

    public async Task<Result<Unit>> Append(RootCommand command, CancellationToken cancel) =>
        (await metadata.Append(command, cancel)).TryGet(out _, out var failure) ? Result.Ok : failure;

    public Result<DatabaseInfo> Database(string name) =>
        State.Databases.TryGetValue(name, out var database) ? database : Failure.DatabaseNotFound(name);

    /// <summary>A collection by name or alias.</summary>
    public Result<CollectionInfo> Collection(string databaseName, string name)
    {
        var database = Database(databaseName);
        if (!database.TryGet(out var found, out var failure))
        {
            return failure;
        }

        return State.Find(found.Id, name) is { } collection ? collection : Failure.CollectionNotFound(databaseName, name);
    }
}
