namespace Elanus.Replication;

/// <summary>Takes what comes from other nodes; returns at once.</summary>
public interface IPeerSink
{
    void Received(NodeId from, PeerMessage message);

    /// <summary>The connection to a node closed and a new one was refused: its process is gone.</summary>
    void Lost(NodeId node);

    /// <summary>A supervisor says that the process of this epoch has ended.</summary>
    void Ended(Epoch epoch);
}
