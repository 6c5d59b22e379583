namespace Elanus.Roles;

/// <summary>
/// The coordinators' state machine: applies root, index and load commands in log order. One applier calls <see cref="Apply"/>; any thread
/// reads <see cref="Current"/>.
/// </summary>
public sealed class MetadataMachine : IRecordConsumer
{
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
            MetadataRecordKinds.Indexing => before with { Indexes = before.Indexes.Apply(MetadataCommands.Decode<IndexCommand>(record.Payload)) },
            MetadataRecordKinds.Loading => before with { Loads = before.Loads.Apply(MetadataCommands.Decode<LoadCommand>(record.Payload)) },
            _ => before,
        };
        if (!ReferenceEquals(before, after))
        {
            current = after;
            Changed?.Invoke(before, after);
        }
    }

    private static MetadataSnapshot ApplyRoot(MetadataSnapshot before, RootCommand command)
    {
        var after = before with { Root = before.Root.Apply(command) };
        return command is RootCommand.RemoveCollection remove
            ? after with { Indexes = after.Indexes.Without(remove.Collection), Loads = after.Loads.Without(remove.Collection) }
            : after;
    }
}
