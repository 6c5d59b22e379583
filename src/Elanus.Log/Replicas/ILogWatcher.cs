using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>Is told by a log's writer how far it came, in order, on the writer's own turn: it must return at once and never throw.</summary>
public interface ILogWatcher
{
    /// <summary>Records up to here are in the file and may be sent; a stop now may still lose them here.</summary>
    void Written(LogPosition end);

    /// <summary>Records up to here are durable here.</summary>
    void Durable(LogPosition end);
}
