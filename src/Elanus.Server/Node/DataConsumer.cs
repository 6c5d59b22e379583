using Elanus.Engine;
using Elanus.Log;
using Elanus.Roles;

namespace Elanus.Server;

/// <summary>Gives the engine every record of its channel; it passes over the kinds that are not its own.</summary>
internal sealed class DataConsumer(DataState state) : IRecordConsumer
{
    public void Apply(in LogRecord record) => state.Apply(record.Position, record.Timestamp, record.Kind.Value, record.Payload);
}
