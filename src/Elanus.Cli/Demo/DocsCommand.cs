using System.CommandLine;
using System.Globalization;
using Elanus.Primitives;
using Elanus.Rpc.Client;
using Spectre.Console;

namespace Elanus.Cli;

/// <summary><c>elanus demo docs</c>: .NET's own documentation in a vector database, and questions to it.</summary>
internal static class DocsCommand
{
    private const string DataPath = "./elanus-data/demo";
    private const int RowsPerInsert = 1000;

    public static Command Create(IFileSystem files)
    {
        var address = new Option<string?>("--address") { HelpName = "HOST:PORT", Description = $"A server that runs; without it one is started on a free port over {DataPath}." };
        var ask = new Option<string?>("--ask") { HelpName = "QUESTION", Description = "Asks for members, as --ask \"sort a list in place\"." };
        var limit = new Option<int>("--limit") { HelpName = "N", Description = "How many answers.", DefaultValueFactory = _ => 8 };
        var docs = new Command("docs", "Inserts the documentation of .NET's own API, once, and asks it.") { address, ask, limit };
        docs.SetAction(async (parsed, cancel) =>
        {
            var done = await Run(files, parsed.GetValue(address), parsed.GetValue(ask), parsed.GetValue(limit), cancel);
            if (!done.Succeeded)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"elanus: {done.Failure.Sentence}");
            }

            return done.Succeeded ? ExitCodes.Success : ExitCodes.Failed;
        });
        return docs;
    }

    private static async Task<Result<Unit>> Run(IFileSystem files, string? address, string? question, int limit, CancellationToken cancel)
    {
        if (address is not null)
        {
            return await Use(files, address, question, limit, cancel);
        }

        if (!(await DemoServer.Start(DataPath, cancel)).TryGet(out var server, out var failure))
        {
            return failure;
        }

        await using (server)
        {
            return await Use(files, server.Address, question, limit, cancel);
        }
    }

    private static async Task<Result<Unit>> Use(IFileSystem files, string address, string? question, int limit, CancellationToken cancel)
    {
        if (!Uri.TryCreate($"http://{address}", UriKind.Absolute, out var uri))
        {
            return Failure.Invalid($"--address: '{address}' is not HOST:PORT");
        }

        using var channel = new RpcChannel(uri);
        var collection = new DocsCollection(channel);
        if (!(await collection.IsComplete(cancel)).TryGet(out var complete, out var failure))
        {
            return failure;
        }

        if (!complete && (failure = (await Fill(files, collection, cancel)).Failure) is not null)
        {
            return failure;
        }

        if (question is null)
        {
            AnsiConsole.MarkupLineInterpolated($"The documentation is in. Ask it: [bold]./elanus demo docs --ask \"sort a list in place\"[/]");
            return Result.Ok;
        }

        if (!(await collection.Ask(question, limit, cancel)).TryGet(out var found, out failure))
        {
            return failure;
        }

        AnsiConsole.Write(Answers(found));
        return Result.Ok;
    }

    private static Table Answers(IReadOnlyList<FoundMember> found)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("member", "score", "text");
        foreach (var (name, text, score) in found)
        {
            table.AddRow(Markup.Escape(name), score.ToString("0.000", CultureInfo.InvariantCulture), Markup.Escape(text));
        }

        return table;
    }

    private static async Task<Result<Unit>> Fill(IFileSystem files, DocsCollection collection, CancellationToken cancel)
    {
        var documentation = new ApiDocumentation(files);
        var folder = ApiDocumentation.DotnetFolder;
        var sources = await documentation.FindAsync(folder, cancel);
        if (sources.Count == 0)
        {
            return Failure.Invalid($"there is no documentation under {folder}/packs/*/*/ref: an SDK carries it, a runtime alone does not");
        }

        if ((await collection.Create(cancel)).Failure is { } refused)
        {
            return refused;
        }

        return await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var reading = progress.AddTask($"reading {sources.Count} files", maxValue: sources.Sum(s => s.Length));
                var members = new Dictionary<string, ApiMember>();
                var total = 0;
                foreach (var source in sources)
                {
                    foreach (var member in await documentation.ReadAsync(source, cancel))
                    {
                        total++;
                        members.TryAdd(member.Id, member);
                    }

                    reading.Increment(source.Length);
                }

                var inserting = progress.AddTask($"inserting {members.Count} members ({total} with repeats)", maxValue: members.Count);
                long first = 1;
                foreach (var batch in members.Values.Chunk(RowsPerInsert))
                {
                    if ((await collection.Insert(first, batch, cancel)).Failure is { } failure)
                    {
                        return failure;
                    }

                    first += batch.Length;
                    inserting.Increment(batch.Length);
                }

                return await collection.Finish(cancel);
            });
    }
}
