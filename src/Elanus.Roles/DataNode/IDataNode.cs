using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>The owner of data channels: appends rows, and answers reads on what it has applied.</summary>
public interface IDataNode
{
    /// <summary>What a request did when it came before, waiting for it while it is under way; null where it did nothing yet.</summary>
    ValueTask<Result<RequestOutcome?>> Find(RequestIdentity request, CancellationToken cancel);

    /// <summary>
    /// Appends one write, unless its request did so before; done when it is committed. A write is one record, so after a failure nothing of it was done:
    /// <see cref="FailureCode.NotReady"/> where another node is to be asked.
    /// </summary>
    Task<Result<Written>> Write(Write write, CancellationToken cancel);

    /// <summary>Waits until the state is as fresh as asked.</summary>
    ValueTask<Result<Unit>> Reach(Freshness freshness, CancellationToken cancel);

    /// <summary>When the last applied record was made: a later read that guarantees it, anywhere, shows whatever a view opened before shows.</summary>
    Timestamp Seen { get; }

    /// <summary>Waits until the state is as fresh as asked, and pins it.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="partitions">Empty for all.</param>
    /// <param name="freshness">What the view must show.</param>
    /// <param name="notBefore">Rows inserted before it are not shown; zero for all. The caller's clock decides, so that a call has one answer on every node.</param>
    /// <param name="cancel">Ends the wait.</param>
    Task<Result<CollectionView>> OpenView(
        CollectionId collection, IReadOnlyList<PartitionId> partitions, Freshness freshness, Timestamp notBefore, CancellationToken cancel);
}
