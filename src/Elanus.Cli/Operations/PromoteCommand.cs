using System.CommandLine;
using Elanus.Primitives;
using Elanus.Server.Operations.Protocol;

namespace Elanus.Cli;

/// <summary><c>elanus promote --force</c>: a node becomes active although acknowledged rows may lie on others.</summary>
internal static class PromoteCommand
{
    public static Command Create(IFileSystem files)
    {
        var force = new Option<bool>("--force") { Description = "Needed: what only nodes out of reach hold is lost, and kept by them as salvage when they return. Refused while the active is heard, here or, by a node outside the in-sync set, at the arbiter." };
        return OperationCommand.Of(
            new("promote", "Makes a node active that may lack acknowledged rows, when those that hold them are gone. Ask that node.") { force },
            files,
            "Promote",
            parsed => parsed.GetValue(force) ? new PromoteRequest() : Result<PromoteRequest>.Fail(Failure.Invalid("promote needs --force: it may lose acknowledged rows; `elanus switchover` loses none")));
    }
}
