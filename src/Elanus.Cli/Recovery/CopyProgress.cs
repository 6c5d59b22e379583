using Spectre.Console;

namespace Elanus.Cli;

/// <summary>A bar over bytes, where the terminal shows one.</summary>
internal static class CopyProgress
{
    /// <summary>Runs work that tells how many of how many bytes are done.</summary>
    public static async Task<T> Run<T>(string what, Func<Action<long, long>, Task<T>> work)
    {
        var result = default(T)!;
        await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new TransferSpeedColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask(Markup.Escape(what));
                bar.IsIndeterminate = true;
                result = await work((done, all) =>
                {
                    bar.IsIndeterminate = false;
                    bar.MaxValue = Math.Max(1, all);
                    bar.Value = done;
                });
            });
        return result;
    }
}
