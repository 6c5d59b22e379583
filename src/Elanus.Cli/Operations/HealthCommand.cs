using System.CommandLine;
using Elanus.Primitives;

namespace Elanus.Cli;

/// <summary>
/// <c>elanus healthz</c>, for scripts: 0 where the node serves in the role asked for, 1 where it serves in another, 2 where it does not serve,
/// gives no answer in time, or could not be asked: <see cref="CommandEnd"/> sees to that.
/// </summary>
internal static class HealthCommand
{
    public const string Name = "healthz";

    /// <summary>Also where nobody knows.</summary>
    public const int ServesNot = 2;

    private const int Serves = 0;
    private const int ServesInAnother = 1;

    private const string Any = "any";

    public static Command Create(IFileSystem files)
    {
        var node = new NodeAddress(files);
        var role = new Option<string>("--role") { HelpName = "active|standby|any", Description = "The role that counts as healthy.", DefaultValueFactory = _ => Any };
        role.AcceptOnlyFromAmong("active", "standby", Any);
        var timeout = new Option<int>("--timeout") { HelpName = "MS", Description = "Milliseconds that the answer may take.", DefaultValueFactory = _ => 500 };
        var command = new Command(Name, "Exits with 0 where a node serves in a role, with 1 where it serves in another, with 2 where it does not serve, gives no answer, or cannot be asked.") { role, timeout };
        node.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var asked = parsed.GetValue(role)!;
            var answer = await node.Health(parsed, TimeSpan.FromMilliseconds(Math.Max(1, parsed.GetValue(timeout))), cancel);
            if (!answer.TryGet(out var health, out var failure))
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"elanus: {failure.Sentence}");
                return ServesNot;
            }

            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{node.Of(parsed)}: {health}");
            return !health.Serving ? ServesNot : asked == Any || asked == health.Role ? Serves : ServesInAnother;
        });
        return command;
    }
}
