using System.Collections.Immutable;

namespace Elanus.Clients.Postgres;

/// <summary>
/// How a statement ended: its rows, or why there are none. <paramref name="MayBeDone"/>: it was sent and no answer came, so that it may have been done, or may yet be.
/// </summary>
public sealed record PostgresAnswer(ImmutableArray<object?[]> Rows, Failure? Failure, bool MayBeDone)
{
    /// <summary>SQLSTATE, where the server refused the statement.</summary>
    public string? SqlState { get; init; }
}
