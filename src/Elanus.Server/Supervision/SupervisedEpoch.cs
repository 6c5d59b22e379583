using System.Text;
using System.Text.Json;
using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>What a server tells its supervisor when it becomes active: the epoch that ends with its process, and who else is to hear of that (HOST:PORT each).</summary>
public sealed record SupervisedEpoch(NodeId Node, Epoch Epoch, IReadOnlyList<string> Peers)
{
    /// <exception cref="JsonException">It is not what <see cref="Line"/> writes.</exception>
    public static SupervisedEpoch Read(string line) =>
        KeptJson.Read<SupervisedEpoch>(Encoding.UTF8.GetBytes(line), json => new(
            new(json.Member("node").GetUInt64()),
            new(json.Member("number").GetUInt64(), new(json.Member("claimHigh").GetUInt64(), json.Member("claimLow").GetUInt64())),
            json.Member("peers").Items(peer => peer.GetString()!)))
        ?? throw new JsonException("no epoch is told");

    /// <summary>One line of <see cref="KeptJson"/>.</summary>
    public string Line() => Encoding.UTF8.GetString(KeptJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("node", Node.Value);
        json.WriteNumber("number", Epoch.Number);
        json.WriteNumber("claimHigh", Epoch.Claim.High);
        json.WriteNumber("claimLow", Epoch.Claim.Low);
        json.WriteStartArray("peers");
        foreach (var peer in Peers)
        {
            json.WriteStringValue(peer);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }));
}
