using Microsoft.Extensions.Logging;

namespace Elanus.Server;

/// <summary>What the server says of its own life.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "node {Node} serves on {ClientAddress}, metrics on {MetricsAddress}, data in {DataPath}")]
    public static partial void Serving(ILogger log, Elanus.Primitives.NodeId node, string clientAddress, string metricsAddress, string dataPath);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the last write before the stop was incomplete and was never acknowledged; it was cut: {TornTail}")]
    public static partial void TornTail(ILogger log, Elanus.Log.TornTail tornTail);

    [LoggerMessage(Level = LogLevel.Information, Message = "stopping: calls in progress get {Seconds} s to end")]
    public static partial void Draining(ILogger log, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "stopped")]
    public static partial void Stopped(ILogger log);

    [LoggerMessage(Level = LogLevel.Error, Message = "a request to {Path} failed in a way it never should")]
    public static partial void RequestFailed(ILogger log, Exception why, string path);
}
