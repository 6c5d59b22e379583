using Microsoft.Extensions.Logging;

namespace Elanus.Rpc;

internal static partial class RpcLog
{
    [LoggerMessage(1, LogLevel.Error, "the handler of {Method} failed for {Peer}")]
    public static partial void HandlerFailed(this ILogger logger, Exception why, string method, string peer);

    [LoggerMessage(2, LogLevel.Debug, "{Method} from {Peer} ended with {Code}: {Message}")]
    public static partial void CallEnded(this ILogger logger, string method, string peer, RpcStatusCode code, string? message);

    [LoggerMessage(3, LogLevel.Debug, "the client {Peer} went away during {Method}")]
    public static partial void ClientWentAway(this ILogger logger, string method, string peer);
}
