using System.CommandLine;
using Elanus.Primitives;
using Elanus.Server;

namespace Elanus.Cli;

/// <summary><c>elanus backup DIR TO</c> of a stopped server, <c>elanus backup --address HOST:PORT TO</c> of a running one.</summary>
internal static class BackupCommand
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(5);

    public static Command Create(IFileSystem files)
    {
        var address = new Option<string?>("--address") { HelpName = "HOST:PORT", Description = "The client port of a running server; writes go on meanwhile." };
        var node = new NodeAddress(files);
        var user = new Option<string?>("--user") { HelpName = "NAME:PASSWORD", Description = "root and its password, where the server asks for them." };
        var places = new Argument<string[]>("DIR TO")
        {
            Description = "The data directory of a stopped server (not with --address), then an empty directory for the backup.",
            Arity = new(1, 2),
        };
        var command = new Command("backup", "Copies a node's data to another directory, for `elanus restore`.") { address, user, places };
        node.AddTlsTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var named = parsed.GetValue(places)!;
            var server = parsed.GetValue(address);
            if (named.Length != (server is null ? 2 : 1))
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync("elanus: backup needs DIR and TO, or --address HOST:PORT and TO");
                return ExitCodes.Misconfigured;
            }

            var to = Path.GetFullPath(named[^1]);
            var done = await CopyProgress.Run("backup", progress => server is null
                ? DirectoryBackup.Run(files, Path.GetFullPath(named[0]), to, progress, cancel)
                : OfServer(server, progress));
            if (!done.TryGet(out var manifest, out var failure))
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"elanus: {failure.Sentence}");
                return ExitCodes.Failed;
            }

            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                $"{to} can be restored to any time from {Restoration.Time(manifest.From)} to {Restoration.Time(manifest.End)}");
            return ExitCodes.Success;

            async Task<Result<BackupManifest>> OfServer(string server, Action<long, long> progress)
            {
                if (!(await node.Dial(parsed, server, ConnectPatience, cancel)).TryGet(out var channel, out var failure))
                {
                    return failure;
                }

                using (channel)
                {
                    await using var work = new PooledWork();
                    return await ServerBackup.Run(files, channel, server, parsed.GetValue(user), to, work, progress, cancel);
                }
            }
        });
        return command;
    }
}
