using System.Collections.Immutable;

namespace Elanus.Clients.Etcd;

/// <summary>
/// How a transaction ended. <paramref name="Failure"/> stands with <see cref="EtcdOutcome.Failed"/> and <see cref="EtcdOutcome.Unknown"/>; <paramref name="Found"/>
/// holds what was asked for by ElseGet, in order, where a comparison did not hold. <paramref name="Repeated"/>: another member may have carried it out before the one that answered.
/// </summary>
public sealed record EtcdCommit(EtcdOutcome Outcome, long Revision, ImmutableArray<EtcdEntry> Found, Failure? Failure, bool Repeated);

/// <summary>Whether a transaction was done.</summary>
public enum EtcdOutcome
{
    /// <summary>Every comparison held, and all was done.</summary>
    Done,

    /// <summary>A comparison did not hold, and nothing was done by the member that answered.</summary>
    Refused,

    /// <summary>The cluster never took it: nothing was done, and nothing will be.</summary>
    Failed,

    /// <summary>It was sent and no answer came: it may have been done, or may yet be.</summary>
    Unknown,
}
