namespace Elanus.Roles;

/// <summary>
/// What the parts of the root coordinator share. A change that fails may have left one of its two records behind: then the next one, or the next look,
/// mends that first.
/// </summary>
public sealed class RootContext(
    MetadataChannel metadata, IDataChannels data, Reconciliation reconciliation, IdAllocator ids, HybridClock clock, Limits limits)
{
    /// <summary>How often is looked whether a change was left half done.</summary>
    private static readonly TimeSpan SettlePeriod = TimeSpan.FromSeconds(1);

    private readonly ChangeGate gate = new();
    private volatile bool unsettled = true;

    public MetadataChannel Metadata => metadata;

    public IDataChannels Data => data;

    public IdAllocator Ids => ids;

    public HybridClock Clock => clock;

    public Limits Limits => limits;

    public RootState State => metadata.Current.Root;

    /// <summary>Runs one change of the root coordinator alone.</summary>
    public Task<Result<T>> Alone<T>(Func<Task<Result<T>>> change, CancellationToken cancel) => gate.Alone(
        async () =>
        {
            if (unsettled && !(await reconciliation.Run(cancel)).TryGet(out _, out var failure))
            {
                return failure;
            }

            // Stays so where the change throws.
            unsettled = true;
            var done = await change();
            unsettled = !done.Succeeded;
            return done;
        },
        cancel);

    /// <summary>Mends what was left half done, whoever left it; the number of records that were needed.</summary>
    public Task<Result<int>> Settle(CancellationToken cancel) => gate.Alone(
        async () =>
        {
            var mended = await reconciliation.Run(cancel);
            unsettled = !mended.Succeeded;
            return mended;
        },
        cancel);

    /// <summary>Keeps the definitions whole for as long as this role is active: a change that its client gave up, or a full disk cut short, is mended soon.</summary>
    public async Task KeepSettled(TimeProvider time, CancellationToken cancel)
    {
        using var ticks = new Ticks(SettlePeriod, time, cancel);
        while (await ticks.Next())
        {
            if (unsettled)
            {
                // A failure is the log's and is seen by every writer; the next tick tries again.
                await Settle(cancel);
            }
        }
    }

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
