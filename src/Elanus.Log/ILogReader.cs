using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>Reads committed records in order. One call at a time.</summary>
public interface ILogReader : IAsyncDisposable
{
    /// <summary>The position that the next batch begins with.</summary>
    LogPosition Next { get; }

    /// <summary>
    /// The next committed records, at least one, waiting for it if need be. The list and its payloads are valid until the next call.
    /// A failure says that the position was truncated meanwhile. Throws <see cref="LogDamagedException"/> and <see cref="LogDeadException"/>.
    /// </summary>
    ValueTask<Result<IReadOnlyList<LogRecord>>> NextAsync(CancellationToken cancel);
}
