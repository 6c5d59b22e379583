using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>The owner of data channels: appends rows, and answers reads on what it has applied.</summary>
public interface IDataNode
{
    /// <summary>Appends one write; done when it is committed.</summary>
    Task<Result<Timestamp>> Write(Write write, CancellationToken cancel);

    /// <summary>Waits until the state is as fresh as asked.</summary>
    ValueTask<Result<Unit>> Reach(Freshness freshness, CancellationToken cancel);

    /// <summary>Waits until the state is as fresh as asked, and pins it.</summary>
    /// <param name="partitions">Empty for all.</param>
    Task<Result<CollectionView>> OpenView(CollectionId collection, IReadOnlyList<PartitionId> partitions, Freshness freshness, CancellationToken cancel);
}
