using Elanus.Primitives;
using Elanus.Roles;
using Microsoft.Extensions.Logging;

namespace Elanus.Server;

/// <summary>Writes to the log what an operator should know of a node's own state, alone or in a cluster: what its start found and left out, and its checkpoints. Any thread.</summary>
internal sealed class NodeJournal
{
    private readonly ILogger log;
    private volatile object? failing;

    private NodeJournal(ILogger log) => this.log = log;

    /// <summary>Tells what the start found, and from now on what becomes of checkpoints.</summary>
    public static void Begin(StandaloneNode node, ILogger log)
    {
        if (node.Found.TornTail is { } torn)
        {
            ServerLog.TornTail(log, torn);
        }

        ServerLog.Recovered(log, node.Recovered.From?.ToString() ?? "none", node.Found.End.Position);
        foreach (var refused in node.Recovered.Refused)
        {
            ServerLog.CheckpointRefused(log, refused);
        }

        var journal = new NodeJournal(log);
        node.Roles.Checkpoints.Taken += journal.Taken;
        node.Roles.Checkpoints.Failed += journal.Failed;
    }

    private void Taken(CheckpointName name, long bytes)
    {
        failing = null;
        ServerLog.CheckpointTaken(log, name, bytes);
    }

    /// <summary>It is tried again every few seconds: the same reason is told once, until one is taken.</summary>
    private void Failed(Failure why)
    {
        if (!Equals(failing, why.Code))
        {
            failing = why.Code;
            ServerLog.CheckpointFailed(log, why);
        }
    }
}
