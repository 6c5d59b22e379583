namespace Elanus.Replication;

/// <summary>
/// Carries messages between the nodes of a cluster: in order on each way, each possibly lost when a connection breaks. Any thread.
/// </summary>
public interface IPeerNetwork : IAsyncDisposable
{
    /// <summary>Says who takes what arrives; called once, before anything is sent.</summary>
    void Open(IPeerSink sink);

    /// <summary>Where a node is reached; a node that is not known is not reached.</summary>
    void Know(Member member);

    /// <summary>
    /// Sends a message; completes when there is room for another one. False where it is surely lost: no connection stands, or it broke.
    /// </summary>
    ValueTask<bool> SendAsync(NodeId to, PeerMessage message, CancellationToken cancel);
}
