using System.Collections.Concurrent;
using System.Globalization;

namespace Elanus.Replication;

/// <summary>
/// Compares other nodes' wall clocks with the own one when they connect. A wrong clock is borne: timestamps are hybrid and only rise, and safety asks no clock. But
/// expiry and Bounded reads go by it, so an operator is told. Any thread.
/// </summary>
internal sealed class PeerClocks(NodeId self, TimeProvider time)
{
    private static readonly TimeSpan ApartMax = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<NodeId, TimeSpan> told = new();

    /// <summary>A sentence where the two are far apart, and that was not yet said; otherwise null.</summary>
    /// <param name="node">Who connected.</param>
    /// <param name="shown">Its clock in milliseconds since 1970, as text; an older program shows none.</param>
    public string? Judge(NodeId node, string? shown)
    {
        var own = time.GetUtcNow();
        if (!long.TryParse(shown, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ms) || Math.Abs(ms) > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return null;
        }

        var apart = DateTimeOffset.FromUnixTimeMilliseconds(ms) - own;
        var before = told.GetValueOrDefault(node);
        if (apart.Duration() <= ApartMax)
        {
            told.TryRemove(node, out _);
            return null;
        }

        if ((apart - before).Duration() <= ApartMax)
        {
            return null;
        }

        told[node] = apart;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"the clocks of two nodes are {apart.Duration().TotalSeconds:0} s apart: node {node} has {own + apart:yyyy-MM-ddTHH:mm:ssZ}, this node {self} {own:yyyy-MM-ddTHH:mm:ssZ}. No write is lost by it, but expiry and Bounded reads go by them: set the wrong one right");
    }
}
