using System.CommandLine;
using Elanus.Primitives;
using Google.Protobuf;

namespace Elanus.Cli;

/// <summary>A command that asks one node to change something, and says what came of it: exit code 0 where it was done.</summary>
internal static class OperationCommand
{
    /// <param name="command">With its own options and arguments.</param>
    /// <param name="files">Where the token is looked for.</param>
    /// <param name="method">Of the node's service.</param>
    /// <param name="request">What is asked; a failure where the command line does not say it.</param>
    public static Command Of<TRequest>(Command command, IFileSystem files, string method, Func<ParseResult, Result<TRequest>> request)
        where TRequest : class, IMessage<TRequest>
    {
        var node = new NodeAddress(files);
        var token = new ClusterToken(files);
        node.AddTo(command);
        token.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            Failure? failure = null;
            if (request(parsed).TryGet(out var asked, out failure)
                && (await token.Read(parsed, cancel)).TryGet(out var shown, out failure)
                && (await node.Ask(parsed, method, asked, shown, cancel)).TryGet(out var outcome, out failure))
            {
                await (outcome.Done ? parsed.InvocationConfiguration.Output : parsed.InvocationConfiguration.Error).WriteLineAsync($"elanus: {outcome.Sentence}");
                return outcome.Done ? ExitCodes.Success : ExitCodes.Failed;
            }

            await parsed.InvocationConfiguration.Error.WriteLineAsync($"elanus: {failure!.Sentence}");
            return ExitCodes.Failed;
        });
        return command;
    }
}
