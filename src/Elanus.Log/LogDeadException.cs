using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>The log can no longer go on; the outcome of what was in flight is unknown until the next start reads the disk.</summary>
public sealed class LogDeadException(ChannelId channel, Exception why) : Exception($"the log of {channel} stopped: {why.Message}", why);
