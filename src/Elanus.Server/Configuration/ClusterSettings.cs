namespace Elanus.Server;

/// <summary>How this node belongs to a cluster. An empty <paramref name="Name"/>: it is alone, and nothing else here counts.</summary>
/// <param name="Name">The cluster's name; the arbiter's record stands under it.</param>
/// <param name="Arbiter">The address of the arbiter: etcd://, dir: or postgres://.</param>
/// <param name="Token">What nodes show each other; empty: the arbiter keeps it.</param>
/// <param name="MinInSync">How many members beside the active must hold a write before it is answered.</param>
/// <param name="Forwarding">Whether a standby passes calls on to the active.</param>
/// <param name="Reads">Whether a standby answers Bounded, Session and Eventually reads itself.</param>
public sealed record ClusterSettings(string Name, string Arbiter, string Token, int MinInSync, bool Forwarding, bool Reads)
{
    public bool IsClustered => Name.Length > 0;

    /// <summary>The record without its secrets.</summary>
    public override string ToString() => $"{nameof(ClusterSettings)} {{ {Name} }}";
}
