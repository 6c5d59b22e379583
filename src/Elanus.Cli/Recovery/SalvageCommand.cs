using System.CommandLine;
using Elanus.Primitives;
using Elanus.Server;

namespace Elanus.Cli;

/// <summary><c>elanus salvage DIR [--to FILE]</c>: what can still be read of a damaged directory, as JSON lines.</summary>
internal static class SalvageCommand
{
    public static Command Create(IFileSystem files)
    {
        var path = new Argument<string>("DIR") { Description = "The data directory of a server that is not running." };
        var to = new Option<string?>("--to") { HelpName = "FILE", Description = "Where the rows go, one JSON object a line. Default: the standard output." };
        var command = new Command("salvage", "Writes the rows that can still be read of a data directory, however damaged.") { path, to };
        command.SetAction(async (parsed, cancel) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            var target = parsed.GetValue(to);
            await using var work = new PooledWork();
            var salvaged = target is null
                ? await ToOutput(files, work, parsed.GetValue(path)!, cancel)
                : await ToFile(files, work, parsed.GetValue(path)!, Path.GetFullPath(target), cancel);
            if (!salvaged.TryGet(out var found, out var failure))
            {
                await error.WriteLineAsync($"elanus: {failure.Sentence}");
                return ExitCodes.Failed;
            }

            await error.WriteLineAsync(
                $"{found.CheckpointRows} rows from {(found.Checkpoint is null ? "no checkpoint" : $"checkpoint {found.Checkpoint}")}, {found.LogRows} rows from {found.Records} records of the log");
            foreach (var tail in found.Tails)
            {
                await error.WriteLineAsync($"{tail.Rows} rows from {tail.Records} records that another history replaced, kept in {tail.Name}");
            }

            foreach (var directory in found.KeptDirectories)
            {
                await error.WriteLineAsync($"not read: what this node held before is kept whole in {directory}; salvage that directory too");
            }

            foreach (var sentence in found.Unreadable)
            {
                await error.WriteLineAsync($"not read: {sentence}");
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task<Result<SalvageReport>> ToOutput(IFileSystem files, PooledWork work, string path, CancellationToken cancel)
    {
        await using var output = Console.OpenStandardOutput();
        var salvage = new Salvage(files, work, async lines =>
        {
            await output.WriteAsync(lines, cancel);
            return Result.Ok;
        });
        return await salvage.Run(Path.GetFullPath(path), cancel);
    }

    private static async Task<Result<SalvageReport>> ToFile(IFileSystem files, PooledWork work, string path, string target, CancellationToken cancel)
    {
        await using (var there = await files.OpenAsync(target, FileIntent.Read, cancel))
        {
            if (there is not null)
            {
                return Failure.Invalid($"{target} is there already; name a file that is not");
            }
        }

        if (!(await files.CreateAsync(target, cancel)).TryGet(out var file, out var failure))
        {
            return failure;
        }

        await using (file)
        {
            var (at, synced) = (0L, 0L);
            var salvage = new Salvage(files, work, async lines =>
            {
                var written = await file.WriteAsync(at, [lines], cancel);
                at += lines.Length;
                if (written.Succeeded && at - synced >= IFile.UnsyncedBytesMax)
                {
                    await file.SyncAsync(cancel);
                    synced = at;
                }

                return written;
            });
            var found = await salvage.Run(Path.GetFullPath(path), cancel);
            await file.SyncAsync(cancel);
            return found;
        }
    }
}
