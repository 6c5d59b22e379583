using System.CommandLine;
using Elanus.Primitives;
using Elanus.Server.Operations.Protocol;

namespace Elanus.Cli;

/// <summary><c>elanus member list|remove</c>: a node joins by being started; these show and take out.</summary>
internal static class MemberCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static Command Create(IFileSystem files) => new("member", "Shows the in-sync set, or takes a node out of it. A node joins by being started.") { List(files), Remove(files) };

    private static Command List(IFileSystem files)
    {
        var node = new NodeAddress(files);
        var command = new Command("list", "The in-sync set, as the node that is asked knows it.");
        node.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            if (!(await node.Status(parsed, Timeout, cancel)).TryGet(out var status, out var failure))
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"elanus: {failure.Sentence}");
                return ExitCodes.Failed;
            }

            foreach (var (address, id) in status.Peers.Where(peer => peer.InSync).Select(peer => (peer.Address, peer.Node)).Prepend((status.Address, status.Node)).Where(one => status.InSync.Contains(one.Item1)))
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(address == status.Active ? $"{address} {id} active" : $"{address} {id}");
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Remove(IFileSystem files)
    {
        var gone = new Argument<string>("NODE") { Description = "The node's id." };
        return OperationCommand.Of(
            new("remove", "Takes a node out of the in-sync set until the active's next start. Ask the active.") { gone },
            files,
            "RemoveMember",
            parsed => Result<RemoveMemberRequest>.Ok(new() { Node = parsed.GetValue(gone)! }));
    }
}
