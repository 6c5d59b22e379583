namespace Elanus.Roles;

/// <summary>A state machine over a channel. It is given every committed record in order, and passes over the kinds that are not its own.</summary>
public interface IRecordConsumer
{
    void Apply(in LogRecord record);
}
