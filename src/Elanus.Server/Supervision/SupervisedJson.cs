using System.Text.Json.Serialization;

namespace Elanus.Server;

/// <summary>How reports are written, made when the program is built: a server reports in the middle of a takeover, when it has no time to find that out.</summary>
[JsonSerializable(typeof(SupervisedEpoch))]
internal sealed partial class SupervisedJson : JsonSerializerContext;
