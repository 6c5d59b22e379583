using Microsoft.Extensions.Logging;

namespace Elanus.Server;

/// <summary>What the server says of its own life.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Information, "node {Node} serves on {ClientAddress}, metrics on {MetricsAddress}, data in {DataPath}")]
    public static partial void Serving(ILogger log, Elanus.Primitives.NodeId node, string clientAddress, string metricsAddress, string dataPath);

    [LoggerMessage(2, LogLevel.Warning, "the last write before the stop was incomplete and was never acknowledged; it was cut: {TornTail}")]
    public static partial void TornTail(ILogger log, Elanus.Log.TornTail tornTail);

    [LoggerMessage(6, LogLevel.Information, "recovered from checkpoint {Checkpoint} and the log up to {End}")]
    public static partial void Recovered(ILogger log, string checkpoint, Elanus.Primitives.LogPosition end);

    [LoggerMessage(7, LogLevel.Warning, "a checkpoint was not used, the one before or the log was: {Why}")]
    public static partial void CheckpointRefused(ILogger log, string why);

    [LoggerMessage(8, LogLevel.Information, "checkpoint {Checkpoint} taken, {Bytes} bytes")]
    public static partial void CheckpointTaken(ILogger log, Elanus.Roles.CheckpointName checkpoint, long bytes);

    [LoggerMessage(9, LogLevel.Warning, "no checkpoint could be taken, the log keeps what it would hold: {Why}")]
    public static partial void CheckpointFailed(ILogger log, Elanus.Primitives.Failure why);

    [LoggerMessage(3, LogLevel.Information, "stopping: calls in progress get {Seconds} s to end")]
    public static partial void Draining(ILogger log, double seconds);

    [LoggerMessage(4, LogLevel.Information, "stopped")]
    public static partial void Stopped(ILogger log);

    [LoggerMessage(31, LogLevel.Error, "what was going on here did not end within {Seconds} s: the process ends as it is; what it answered is on disk")]
    public static partial void HangsAtItsEnd(ILogger log, double seconds);

    [LoggerMessage(5, LogLevel.Error, "a request to {Path} failed in a way it never should")]
    public static partial void RequestFailed(ILogger log, Exception why, string path);

    [LoggerMessage(11, LogLevel.Warning, "{Sentence}")]
    public static partial void Peer(ILogger log, string sentence);

    [LoggerMessage(12, LogLevel.Information, "stopping: handing over first")]
    public static partial void HandingOver(ILogger log);

    [LoggerMessage(13, LogLevel.Information, "this node is active under {Epoch}, its log committed up to {Committed}; {Steps}")]
    public static partial void BecameActive(ILogger log, Elanus.Primitives.Epoch epoch, Elanus.Primitives.LogPosition committed, Elanus.Replication.TurnSteps steps);

    [LoggerMessage(27, LogLevel.Information, "the first call under {Epoch} is answered: {Steps}")]
    public static partial void TookOver(ILogger log, Elanus.Primitives.Epoch epoch, Elanus.Replication.TurnSteps steps);

    [LoggerMessage(28, LogLevel.Information, "handed over: {Steps}")]
    public static partial void HandedOver(ILogger log, Elanus.Replication.TurnSteps steps);

    [LoggerMessage(14, LogLevel.Information, "node {Node} is in STANDBY; the active is {Active}, applied up to {Applied}, {Records} records and {Seconds:0.0} s behind")]
    public static partial void Standby(ILogger log, Elanus.Primitives.NodeId node, string active, Elanus.Primitives.LogPosition applied, ulong records, double seconds);

    [LoggerMessage(22, LogLevel.Warning, "the mounts of the shared directory were not compared with the active's: {Active} gave no answer: {Why}")]
    public static partial void MountsNotCompared(ILogger log, string active, string why);

    [LoggerMessage(15, LogLevel.Information, "{Epoch} is of {Holder}: {Why}")]
    public static partial void Turned(ILogger log, Elanus.Primitives.Epoch epoch, string holder, string why);

    [LoggerMessage(16, LogLevel.Information, "the in-sync set of {Epoch}: {Members}")]
    public static partial void SetChanged(ILogger log, Elanus.Primitives.Epoch epoch, string members);

    [LoggerMessage(17, LogLevel.Warning, "node {Node}: {Sentence}")]
    public static partial void Alone(ILogger log, Elanus.Primitives.NodeId node, string sentence);

    [LoggerMessage(18, LogLevel.Warning, "node {Node} refuses writes: {Why}")]
    public static partial void NoWrites(ILogger log, Elanus.Primitives.NodeId node, string why);

    [LoggerMessage(25, LogLevel.Information, "the active's state is copied, {Bytes} bytes in {Seconds:0.0} s: starting again with it")]
    public static partial void Copied(ILogger log, long bytes, double seconds);

    [LoggerMessage(19, LogLevel.Information, "copying the active's state: {Percent} %, {Bytes} of {TotalBytes} bytes in {Seconds:0.0} s")]
    public static partial void Copying(ILogger log, int percent, long bytes, long totalBytes, double seconds);

    [LoggerMessage(30, LogLevel.Warning, "the certificate {File} {Doubt}")]
    public static partial void CertificateDoubted(ILogger log, string file, string doubt);

    [LoggerMessage(29, LogLevel.Information, "what a takeover does was rehearsed: {Calls} calls, {Milliseconds:0} ms")]
    public static partial void Rehearsed(ILogger log, int calls, double milliseconds);

    [LoggerMessage(32, LogLevel.Warning, "an operator asks this node to become active by force; {Holdings}")]
    public static partial void Forcing(ILogger log, string holdings);

    [LoggerMessage(20, LogLevel.Warning, "what a takeover does could not be done beforehand: the first one will be slower")]
    public static partial void NotRehearsed(ILogger log, Exception why);
}
