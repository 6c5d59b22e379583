using System.Text.Json.Serialization;
using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>What a server tells its supervisor when it becomes active: the epoch that ends with its process, and who else is to hear of that (HOST:PORT each).</summary>
public sealed record SupervisedEpoch(ulong Node, ulong Number, ulong ClaimHigh, ulong ClaimLow, IReadOnlyList<string> Peers)
{
    [JsonIgnore]
    public Epoch Epoch => new(Number, new(ClaimHigh, ClaimLow));
}
