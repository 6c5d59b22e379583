namespace Elanus.Roles;

/// <summary>
/// The writing end of a coordinator's state machine: a command is done when it is committed and applied here. Cancelling counts until the command is on its way.
/// </summary>
public sealed class MetadataChannel(ILog log, ChannelFollower follower, MetadataMachine machine)
{
    public MetadataSnapshot Current => machine.Current;

    public Task<Result<Timestamp>> Append(RootCommand command, CancellationToken cancel) =>
        Append(MetadataRecordKinds.Root, MetadataCommands.Encode(command), cancel);

    public Task<Result<Timestamp>> Append(IndexCommand command, CancellationToken cancel) =>
        Append(MetadataRecordKinds.Indexing, MetadataCommands.Encode(command), cancel);

    public Task<Result<Timestamp>> Append(LoadCommand command, CancellationToken cancel) =>
        Append(MetadataRecordKinds.Loading, MetadataCommands.Encode(command), cancel);

    private async Task<Result<Timestamp>> Append(ushort kind, ReadOnlyMemory<byte> payload, CancellationToken cancel)
    {
        var appended = await log.AppendOfChange(new(kind), [payload], cancel);
        if (!appended.TryGet(out var record, out var failure))
        {
            return failure;
        }

        // Whoever gives up now leaves the change as it is: the next one must be checked against it.
        await follower.WaitFor(record.Position, CancellationToken.None);
        return record.Timestamp;
    }
}
