using System.CommandLine;
using System.Globalization;
using Elanus.Primitives;
using Elanus.Server;

namespace Elanus.Cli;

/// <summary><c>elanus restore FROM DIR [--until TIMESTAMP]</c>: makes a data directory of a backup.</summary>
internal static class RestoreCommand
{
    public static Command Create(IFileSystem files)
    {
        var from = new Argument<string>("FROM") { Description = "A backup's directory." };
        var to = new Argument<string>("DIR") { Description = "An empty directory, which becomes a new node's data directory." };
        var until = new Option<string?>("--until")
        {
            HelpName = "TIMESTAMP",
            Description = "Restore as of this time: 2026-11-21T05:00:00Z, or a timestamp as replies carry it. Default: the backup's end.",
        };
        var command = new Command("restore", "Makes a data directory of a backup, as of its end or of an earlier time.") { from, to, until };
        command.SetAction(async (parsed, cancel) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            Timestamp? wanted = null;
            if (parsed.GetValue(until) is { } text)
            {
                wanted = Read(text);
                if (wanted is null)
                {
                    await error.WriteLineAsync($"elanus: --until: '{text}' is no time like 2026-11-21T05:00:00Z and no timestamp");
                    return ExitCodes.Misconfigured;
                }
            }

            var source = Path.GetFullPath(parsed.GetValue(from)!);
            await using var work = new PooledWork();
            var seams = new NodeSeams(files, TimeProvider.System, new SystemRandom(), work);
            var manifest = await Restoration.ReadManifest(files, source, cancel);
            var done = manifest.Succeeded
                ? await CopyProgress.Run(
                    "restore",
                    progress => Restoration.Run(
                        source, Path.GetFullPath(parsed.GetValue(to)!), wanted, seams, bytes => progress(bytes, manifest.Value.Files.Sum(f => f.Bytes)), cancel))
                : manifest.Failure;
            if (!done.TryGet(out var restored, out var failure))
            {
                await error.WriteLineAsync($"elanus: {failure.Sentence}");
                return ExitCodes.Failed;
            }

            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                $"restored as of {Restoration.Time(restored.AsOf)}, up to record {restored.Last.Number}, as node {restored.Node}");
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>A time of day with its zone means its whole millisecond; a plain number is a timestamp.</summary>
    private static Timestamp? Read(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new(number)
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time > DateTimeOffset.UnixEpoch
            ? Timestamp.FromPhysical((ulong)time.ToUnixTimeMilliseconds(), (1UL << Timestamp.LogicalBits) - 1)
        : null;
}
