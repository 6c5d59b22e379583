namespace Elanus.Replication.Tests;

/// <summary>
/// A request to the arbiter, or its reply, on its way: it arrives, is lost, or is reported lost and arrives later all the same.
/// </summary>
internal sealed record ModelRequest(ModelNode Node, Effect Asked, bool IsReply, Action Do, Action Lose, Action Delay);
