using Microsoft.AspNetCore.Http;

namespace Elanus.Server;

/// <summary>How calls that wait for an active are answered by this node, once it is that.</summary>
/// <param name="Address">This node's own on the board.</param>
/// <param name="Answer">Answers a call here.</param>
/// <param name="TakesOver">Whether it is about to: it has claimed.</param>
/// <param name="WhyNotYet">What keeps an active from answering; null where nothing does that is known.</param>
internal sealed record OwnAnswers(string Address, RequestDelegate Answer, Func<bool> TakesOver, Func<string?> WhyNotYet);
