using Elanus.Server.Operations.Protocol;

namespace Elanus.Cli;

/// <summary>Something that goes wrong, for a while, and is mended.</summary>
/// <param name="Name">What.</param>
/// <param name="Lasts">How long.</param>
/// <param name="Begin">Given who is active, makes it happen and answers what mends it.</param>
internal sealed record ChaosFault(string Name, TimeSpan Lasts, Func<NodeStatus, Task<Action>> Begin);
