using System.CommandLine;
using Elanus.Primitives;
using Elanus.Server.Operations.Protocol;

namespace Elanus.Cli;

/// <summary><c>elanus member list|add|remove</c>: a node joins by being started; these show, take out and let in again.</summary>
internal static class MemberCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static Command Create(IFileSystem files) => new("member", "Shows the in-sync set, takes a node out of it or lets it in again. A node joins by being started.") { List(files), Add(files), Remove(files) };

    private static Command List(IFileSystem files)
    {
        var node = new NodeAddress(files);
        var command = new Command("list", "The nodes that the one that is asked knows of: those in sync first, others marked. The active knows those too that were taken out.");
        node.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            if (!(await node.Status(parsed, Timeout, cancel)).TryGet(out var status, out var failure))
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"elanus: {failure.Sentence}");
                return ExitCodes.Failed;
            }

            foreach (var line in Members(status))
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(line);
            }

            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>A line a node, with its id: the set, then who is known and not in it.</summary>
    internal static IEnumerable<string> Members(NodeStatus status) =>
        status.Peers.Select(peer => (peer.Address, peer.Node, peer.InSync))
            .Prepend((status.Address, status.Node, InSync: status.InSync.Contains(status.Address)))
            .OrderByDescending(one => one.InSync)
            .Select(one => $"{one.Address} {one.Node}{(!one.InSync ? " not in sync" : one.Address == status.Active ? " active" : "")}");

    private static Command Add(IFileSystem files)
    {
        var wanted = new Argument<string>("NODE") { Description = "The node's id." };
        return OperationCommand.Of(
            new(
                "add",
                "Lets a node in again that was taken out, and waits until it is in sync. A new node needs no such word: it joins by itself when it is started with the cluster's name and arbiter, "
                + "for whoever may write the arbiter is trusted. Ask the active.") { wanted },
            files,
            "AddMember",
            parsed => Result<AddMemberRequest>.Ok(new() { Node = parsed.GetValue(wanted)! }));
    }

    private static Command Remove(IFileSystem files)
    {
        var gone = new Argument<string>("NODE") { Description = "The node's id." };
        var force = new Option<bool>("--force") { Description = "Also where fewer members are left than a write needs: only reads are served then." };
        return OperationCommand.Of(
            new("remove", "Takes a node out of the in-sync set, until it is let in again or the active changes. Ask the active.") { gone, force },
            files,
            "RemoveMember",
            parsed => Result<RemoveMemberRequest>.Ok(new() { Node = parsed.GetValue(gone)!, Force = parsed.GetValue(force) }));
    }
}
