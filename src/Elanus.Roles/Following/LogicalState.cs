using System.Collections.Immutable;
using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>
/// All that a channel's committed records make: metadata, rows, and the outcomes of calls with an id. The same on every node at one position, whether the log or a checkpoint led
/// there. One applier; the rows are the caller's to dispose of.
/// </summary>
public sealed class LogicalState : IRecordConsumer
{
    private readonly MetadataHash metadataHash = new();

    public LogicalState(DataState rows)
    {
        Rows = rows;
        Parts = [Metadata, new DataCheckpoint(rows), Requests];
    }

    public MetadataMachine Metadata { get; } = new();

    public DataState Rows { get; }

    public RequestTable Requests { get; } = new();

    /// <summary>What checkpoints hold of it.</summary>
    public ImmutableArray<ICheckpointed> Parts { get; }

    public void Apply(in LogRecord record)
    {
        Metadata.Apply(record);
        Rows.Apply(record.Position, record.Timestamp, record.Kind.Value, record.Payload);
        Requests.Apply(record);
    }

    /// <summary>Becomes what a checkpoint holds, before anything was applied.</summary>
    /// <exception cref="InvalidDataException">It cannot: then this state is of no use.</exception>
    public async Task Restore(Checkpoint from, CancellationToken cancel)
    {
        foreach (var part in Parts)
        {
            await part.Restore(from, cancel);
        }
    }

    /// <summary>A number for all of it; see <see cref="StateHash"/>. Not while records are being applied; one thread at a time.</summary>
    public ulong Hash()
    {
        var hash = new StateHash();
        Rows.AddTo(hash);
        metadataHash.AddTo(hash, Metadata.Current);
        hash.Add("requests"u8, Requests.Write());
        return hash.Value;
    }
}
