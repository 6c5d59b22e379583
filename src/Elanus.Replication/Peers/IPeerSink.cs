namespace Elanus.Replication;

/// <summary>Takes what comes from other nodes; returns at once.</summary>
public interface IPeerSink
{
    void Received(NodeId from, PeerMessage message);

    /// <summary>The record format that this node writes while it is active.</summary>
    int Format { get; }

    /// <summary>A node connected, and reads records up to this format.</summary>
    void Reads(NodeId from, int newestFormat);

    /// <summary>Something about the other nodes that an operator should read.</summary>
    void Says(string sentence);

    /// <summary>The connection to a node closed and a new one was refused: its process is gone.</summary>
    void Lost(NodeId node);

    /// <summary>A supervisor says that the process of this epoch has ended.</summary>
    void Ended(Epoch epoch);
}
