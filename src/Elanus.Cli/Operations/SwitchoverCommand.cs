using System.CommandLine;
using Elanus.Primitives;
using Elanus.Server.Operations.Protocol;

namespace Elanus.Cli;

/// <summary><c>elanus switchover</c>: the active hands over to a member that holds everything.</summary>
internal static class SwitchoverCommand
{
    public static Command Create(IFileSystem files)
    {
        var to = new Option<string>("--to") { HelpName = "NODE", Description = "The node that becomes active; the one that is furthest where none is named.", DefaultValueFactory = _ => "" };
        return OperationCommand.Of(
            new("switchover", "Makes another member active, without a failed call. Ask the active.") { to },
            files,
            "Switchover",
            parsed => Result<SwitchoverRequest>.Ok(new() { To = parsed.GetValue(to)! }));
    }
}
