namespace Elanus.Roles;

/// <summary>
/// The coordinators' state machine: applies root, index and load commands in log order. One applier calls <see cref="Apply"/>; any thread
/// reads <see cref="Current"/>.
/// </summary>
public sealed class MetadataMachine : IRecordConsumer, ICheckpointed
{
    private const string Section = "metadata";

    private volatile MetadataSnapshot current = MetadataSnapshot.Empty;

    public MetadataSnapshot Current => current;

    /// <summary>Raised after each change, on the applier's thread, with the picture before and after.</summary>
    public event Action<MetadataSnapshot, MetadataSnapshot>? Changed;

    public void Apply(in LogRecord record)
    {
        var before = current;
        var after = record.Kind.Value switch
        {
            MetadataRecordKinds.Root => ApplyRoot(before, MetadataCommands.Decode<RootCommand>(record.Payload)),
            MetadataRecordKinds.Indexing => ApplyIndexing(before, MetadataCommands.Decode<IndexCommand>(record.Payload)),
            MetadataRecordKinds.Loading => ApplyLoading(before, MetadataCommands.Decode<LoadCommand>(record.Payload)),
            _ => before,
        };
        if (!ReferenceEquals(before, after))
        {
            current = after;
            Changed?.Invoke(before, after);
        }
    }

    public ICapturedState Capture()
    {
        var captured = current;
        return new CapturedBytes(Section, () => MetadataImage.Of(captured).Write());
    }

    public Task Restore(Checkpoint from, CancellationToken cancel)
    {
        var before = current;
        current = MetadataImage.Read(from.Bytes(Section).Span).Build();
        Changed?.Invoke(before, current);
        return Task.CompletedTask;
    }

    private static MetadataSnapshot ApplyRoot(MetadataSnapshot before, RootCommand command)
    {
        var after = before with { Root = before.Root.Apply(command) };
        return command switch
        {
            RootCommand.RemoveCollection remove => after with { Indexes = after.Indexes.Without(remove.Collection), Loads = after.Loads.Without(remove.Collection) },
            RootCommand.PutCollection put => after with { Loads = after.Loads.Within(put.Collection) },
            _ => after,
        };
    }

    // The coordinators decide at the same time: what one of them decided of a thing that another has dropped meanwhile falls away here, on every node alike.
    private static MetadataSnapshot ApplyIndexing(MetadataSnapshot before, IndexCommand command) =>
        command is IndexCommand.PutIndex put && !before.Root.Collections.ContainsKey(put.Index.Collection)
            ? before
            : before with { Indexes = before.Indexes.Apply(command) };

    private static MetadataSnapshot ApplyLoading(MetadataSnapshot before, LoadCommand command) => command switch
    {
        LoadCommand.PutLoad put => before.Root.Collections.TryGetValue(put.Load.Collection, out var collection)
            ? before with { Loads = before.Loads.Apply(command).Within(collection) }
            : before,
        _ => before with { Loads = before.Loads.Apply(command) },
    };
}
